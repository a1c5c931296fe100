package lemma.papers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    @TempDir
    Path folder;
    private Checkout checkout;
    private Ledger ledger;

    @BeforeEach
    void aCheckout() throws IOException {
        checkout = Checkout.in(folder);
        ledger = Ledger.at(folder);
    }

    private Result slope(double... values) throws IOException {
        return Checkout.result(checkout.card("a-law").claim("slope").outcome(values));
    }

    @Test
    void rowsStandInTheOrderOfIndexAndCard() throws IOException {
        assertThat(ledger.results("laws").stream().map(Result::name)).containsExactly("a-law/slope", "a-law/tail", "a-fit/constant");
    }

    @Test
    void aRowSaysWhatWasMeasuredAndWhere() throws IOException {
        assertThat(checkout.read(Checkout.RESULTS)).startsWith("""
                [
                  {
                    "paper": "a-law",
                    "claim": "slope",
                    "metric": "fitted | exponent",
                    "bound": "= -1 +- 0.05",
                    "measured": -0.9966666666666667,
                    "values": [
                      -0.98,
                      -1.01,
                      -1.0
                    ],
                    "seeds": 3,
                    "expect": "reproduced",
                    "pass": true,
                    "seconds": 1.5,
                    "commit": "0123456789ab",
                    "jdk": "25",
                    "cpu": "a processor"
                  },
                """);
    }

    @Test
    void aNewResultReplacesItsRowAndLeavesTheOthers() throws IOException {
        ledger.record(List.of(slope(-1, -1, -1)));
        assertThat(ledger.results("laws")).hasSize(3);
        assertThat(ledger.results("laws").getFirst().measured()).isEqualTo(-1);
        assertThat(ledger.results("laws").get(1).measured()).isEqualTo(0.5);
    }

    @Test
    void recordingTheSameAgainChangesNoByte() throws IOException {
        String before = checkout.read(Checkout.RESULTS);
        ledger.record(ledger.results("laws"));
        assertThat(checkout.read(Checkout.RESULTS)).isEqualTo(before);
    }

    @Test
    void recordingDropsRowsWhoseClaimIsGone() throws IOException {
        Result slope = slope(-1, -1, -1);
        checkout.plant(Checkout.CARD, "id: tail", "id: head");
        ledger.record(List.of(slope));
        assertThat(ledger.results("laws").stream().map(Result::name)).containsExactly("a-law/slope", "a-fit/constant");
    }

    @Test
    void recordingTouchesNoOtherFamily() throws IOException {
        ledger.record(List.of(slope(-1, -1, -1)));
        assertThat(Files.exists(folder.resolve("papers/nets"))).isFalse();
    }

    @Test
    void aResultThatNoCardStatesIsRefused() throws IOException {
        Result slope = slope(-1, -1, -1);
        checkout.plant(Checkout.CARD, "id: slope", "id: incline");
        assertThatThrownBy(() -> ledger.record(List.of(slope))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no card states a-law/slope");
    }

    @Test
    void numbersThatJsonLacksComeBack() throws IOException {
        ledger.record(List.of(slope(Double.NaN, Double.POSITIVE_INFINITY, -1)));
        Result row = ledger.results("laws").getFirst();
        assertThat(row.measured()).isNaN();
        assertThat(row.values()).containsExactly(Double.NaN, Double.POSITIVE_INFINITY, -1.0);
        assertThat(row.pass()).isFalse();
    }

    @Test
    void theReadmeCountsClaimsAndPapers() throws IOException {
        assertThat(ledger.readme())
                .contains("| family | claims reproduced | claims not reproduced | of which left out | papers built | papers not built | papers |")
                .contains("| Laws | 1 | 2 | 1 | 1 | 1 | 2 |").contains("| Nets | 0 | 0 | 0 | 0 | 1 | 1 |").contains("| **all** | 1 | 2 | 1 | 1 | 2 | 3 |");
    }

    @Test
    void theReadmeShowsEveryClaimWithItsNumbers() throws IOException {
        assertThat(ledger.readme()).contains("### [A Law](laws/a-law.md)")
                .contains("| slope | fitted \\| exponent | = -1 +- 0.05 | -0.9967, mean of 3 seeds: -0.98, -1.01, -1 | reproduced |")
                .contains("| tail | R2 of the tail | >= 0.97 | 0.5 | not reproduced: 0.5, the tail is too short here |")
                .contains("- speech: no data");
        assertThat(ledger.readme().substring(ledger.readme().indexOf("## References"))).contains("### [A Fit](laws/a-fit.md)").contains("| constant | E | = 1.8 +- 1% | 1.8 | reproduced |");
    }

    @Test
    void aTimingIsCountedAsNeither() throws IOException {
        checkout.plant(Checkout.CARD, "    seeds: 0\n    expect: not-reproduced", "    seeds: 0\n    kind: timing\n    expect: not-reproduced");
        assertThat(ledger.readme()).contains("| Laws | 1 | 1 | 1 | 1 | 1 | 2 |").contains("| 0.5 | timing |");
    }

    @Test
    void aDraftCountsAsNotBuilt() throws IOException {
        checkout.plant(Checkout.CARD, "kind: empirical", "kind: empirical\ndraft: true");
        assertThat(ledger.readme()).contains("| Laws | 0 | 0 | 0 | 0 | 2 | 2 |").doesNotContain("### [A Law]");
    }

    @Test
    void aClaimWithoutResultCountsAsNotReproduced() throws IOException {
        Files.delete(folder.resolve(Checkout.RESULTS));
        assertThat(ledger.readme()).contains("| Laws | 0 | 3 | 1 | 1 | 1 | 2 |").contains("|  | no result recorded |");
    }

    @Test
    void theOriginNamesTheCommitOfACheckoutWithChanges() throws IOException, InterruptedException {
        assertThat(Result.Origin.here(folder).commit()).isEqualTo("unknown");
        git("init", "-q");
        git("add", ".");
        git("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "first");
        assertThat(Result.Origin.here(folder).commit()).matches("[0-9a-f]{12}");
        checkout.plant(Checkout.CARD, "Prose", "More prose");
        assertThat(Result.Origin.here(folder).commit()).matches("[0-9a-f]{12}-dirty");
        assertThat(Result.Origin.here(folder).jdk()).startsWith("25");
        assertThat(Result.Origin.here(folder).cpu()).isNotBlank();
    }

    private void git(String... words) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of(words));
        command.addFirst("git");
        assertThat(new ProcessBuilder(command).directory(folder.toFile()).inheritIO().start().waitFor()).isZero();
    }

    @Test
    void keepsTheTableOfTheFrontPage(@TempDir Path root) throws IOException {
        Checkout checkout = Checkout.in(root);
        checkout.write("README.md", "before\n<!-- the ledger's totals, generated -->\nof old\n<!-- end of the totals -->\nafter\n");
        assertThat(LedgerCheck.problems(root)).singleElement().asString().startsWith("README.md: the table of the ledger's totals");

        Ledger.at(root).writeReadme();

        assertThat(LedgerCheck.problems(root)).isEmpty();
        assertThat(checkout.read("README.md")).startsWith("before\n").endsWith("<!-- end of the totals -->\nafter\n").doesNotContain("of old")
                .contains("\n| Laws | 1 | 2 | 1 | 1 | 1 | 2 |\n| **all 2 families** | 1 | 2 | 1 | 1 | 2 | 3 |\n");
    }
}
