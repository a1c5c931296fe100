package lemma.papers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerCheckTest {
    @TempDir
    Path folder;
    private Checkout checkout;

    @BeforeEach
    void aCheckoutWhereEverythingAgrees() throws IOException {
        checkout = Checkout.in(folder);
        assertThat(LedgerCheck.problems(folder)).isEmpty();
    }

    @Test
    void thisRepositoryHasNoProblems() throws IOException {
        assertThat(LedgerCheck.problems(Path.of(".."))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "papers/index.yaml | key: b-law | key: a-law | papers/index.yaml: key a-law stands twice",
        "papers/index.yaml | family: nets, | family: net, | papers/index.yaml: a-net: no family 'net'; did you mean nets or laws?",
        "papers/laws/a-law.md | lemma.papers.Bound | lemma.papers.Bounds | papers/laws/a-law.md: block lemma.papers.Bounds is no class of the toolkit; name it with its package",
        "papers/laws/a-law.md | lemma.papers.Bound | lemma.papers.bound | papers/laws/a-law.md: block lemma.papers.bound is no class of the toolkit; name it with its package",
        "papers/laws/a-law.md | lemma.papers.Bound | java.lang.String | papers/laws/a-law.md: block java.lang.String is no class of the toolkit; name it with its package",
        "papers/laws/a-law.md | title: A Law | title: Law | papers/laws/a-law.md: title is 'Law', in the index 'A Law'",
        "papers/laws/a-law.md | kind: empirical | kind: method | papers/laws/a-law.md: kind is 'method', in the index 'empirical'",
        "papers/laws/a-law.md | family: laws | family: nets | papers/laws/a-law.md: family is 'nets', in the index 'laws'"})
    void indexAndCardAgree(String file, String right, String wrong, String problem) throws IOException {
        checkout.plant(file, right, wrong);
        assertThat(LedgerCheck.problems(folder)).contains(problem);
    }

    @Test
    void aCardOfNoPaperIsNamed() throws IOException {
        checkout.write("papers/laws/c-law.md", checkout.read(Checkout.CARD));
        assertThat(checkout.problems()).singleElement().asString().startsWith("papers/laws/c-law.md: no paper 'c-law' in the index; did you mean");
    }

    @Test
    void aCardInTheWrongFolderIsNamed() throws IOException {
        checkout.write("papers/nets/b-law.md", "---\ntitle: B Law\nfamily: laws\nkind: theory\nleft_out: [{id: all, reason: later}]\n---\n");
        assertThat(checkout.problems()).containsExactly("papers/nets/b-law.md: the index has this paper in the family laws");
    }

    @Test
    void aCardWithNothingOnItIsNamed() throws IOException {
        checkout.write("papers/laws/b-law.md", "---\ntitle: B Law\nfamily: laws\nkind: theory\n---\n");
        assertThat(checkout.problems()).containsExactly("papers/laws/b-law.md: neither claims nor left_out");
    }

    @Test
    void aCardThatCannotBeReadIsNamedOnce() throws IOException {
        checkout.plant(Checkout.CARD, ">= 0.97", "at least 0.97");
        assertThat(LedgerCheck.problems(folder)).filteredOn(problem -> problem.startsWith(Checkout.CARD)).singleElement().asString()
                .startsWith("papers/laws/a-law.md: claim tail: bound 'at least 0.97' is none of the forms");
    }

    @Test
    void aClaimThatNoNotebookMeasuresIsNamed() throws IOException {
        checkout.plant(Checkout.NOTEBOOK, "paper.claim(\\\"tail\\\").measured", "paper.claim(\\\"tail\\\").outcome");
        assertThat(checkout.problems()).containsExactly(
                "a-law/tail is measured by no notebook; write Papers.get(\"a-law\").claim(\"tail\").measured(...), or put it under left_out");
    }

    @Test
    void aMeasurementInACommentDoesNotCount() throws IOException {
        checkout.plant(Checkout.NOTEBOOK, "paper.claim(\\\"tail\\\")", "// paper.claim(\\\"tail\\\")");
        assertThat(checkout.problems()).singleElement().asString().startsWith("a-law/tail is measured by no notebook");
    }

    @Test
    void aCardWithoutItsNotebookIsNamed() throws IOException {
        Files.delete(folder.resolve(Checkout.NOTEBOOK));
        assertThat(checkout.problems()).hasSize(3).allMatch(problem -> problem.contains("is measured by no notebook"));
    }

    @Test
    void aNotebookThatMeasuresAnUnknownClaimIsNamed() throws IOException {
        checkout.plant(Checkout.NOTEBOOK, "paper.claim(\\\"tail\\\")", "paper.claim(\\\"tale\\\")");
        assertThat(checkout.problems()).contains("notebooks/laws.ipynb: paper a-law has no claim 'tale'; did you mean tail or slope?");
    }

    @Test
    void aNotebookThatMeasuresAPaperWithoutCardIsNamed() throws IOException {
        checkout.plant(Checkout.NOTEBOOK, "Papers.get(\\\"a-fit\\\")", "Papers.get(\\\"b-law\\\")");
        assertThat(checkout.problems()).contains("notebooks/laws.ipynb: paper b-law has no card that can be read");
    }

    @Test
    void aVariableThatHoldsNoPaperIsNamed() throws IOException {
        checkout.plant(Checkout.NOTEBOOK, "paper.claim(\\\"tail\\\")", "card.claim(\\\"tail\\\")");
        assertThat(checkout.problems()).contains("notebooks/laws.ipynb: card.claim(\"tail\").measured(...): no Papers.get(\"...\") is assigned to that variable before");
    }

    @Test
    void aClaimThatIsMeasuredTwiceIsNamed() throws IOException {
        checkout.write("notebooks/more.ipynb", Checkout.notebook(List.of(), "Papers.get(\"a-law\").claim(\"tail\").measured(0.5);"));
        assertThat(checkout.problems()).containsExactly("a-law/tail is measured more than once: notebooks/laws.ipynb, notebooks/more.ipynb");
    }

    @Test
    void aFileThatIsNoNotebookIsNamed() throws IOException {
        checkout.write("notebooks/more.ipynb", "{\"cells\": 3}");
        assertThat(checkout.problems()).containsExactly("notebooks/more.ipynb: not a notebook: no list of cells");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "R2 of the tail | R2 of the tale | metric 'R2 of the tail', the card says 'R2 of the tale'",
        ">= 0.97 | >= 0.9 | bound '>= 0.97', the card says '>= 0.9'",
        "expect: not-reproduced | expect: reproduced | expect 'not-reproduced', the card says 'reproduced'",
        "seeds: 0 | seeds: 1 | seeds '0', the card says '1'"})
    void aCardThatChangedSinceTheRecordIsNamedForNotebookAndResults(String right, String wrong, String message) throws IOException {
        checkout.plant(Checkout.CARD, right, wrong);
        String problem = ": a-law/tail was recorded with " + message + "; run it again with --record";
        assertThat(checkout.problems()).contains("notebooks/laws.ipynb" + problem, "papers/laws/results.json" + problem);
    }

    @Test
    void aBoundThatDiffersInTheNotebookAloneIsNamed() throws IOException {
        checkout.plant(Checkout.NOTEBOOK, ">= 0.97", ">= 0.5");
        assertThat(checkout.problems()).containsExactly(
                "notebooks/laws.ipynb: a-law/tail was recorded with bound '>= 0.5', the card says '>= 0.97'; run it again with --record");
    }

    @Test
    void aResultOfAClaimThatIsGoneIsNamed() throws IOException {
        checkout.plant(Checkout.RESULTS, "\"claim\": \"tail\"", "\"claim\": \"head\"");
        assertThat(checkout.problems()).contains("papers/laws/results.json: paper a-law has no claim 'head'; did you mean tail or slope?",
                "a-law/tail has no recorded result; run its notebook with --record");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"measured\": 0.5, | \"measured\": 0.99, | papers/laws/results.json: a-law/tail says measured 0.99, pass false, but its values [0.5] give 0.5, pass false",
        "\"pass\": false | \"pass\": true | papers/laws/results.json: a-law/tail says measured 0.5, pass true, but its values [0.5] give 0.5, pass false",
        "\"claim\": \"tail\", | \"claim\": \"slope\", | papers/laws/results.json: a-law/slope stands twice",
        "\"pass\": false, | '' | papers/laws/results.json: result without pass",
        "\"pass\": false, | \"pass\": [], | papers/laws/results.json: not a result"})
    void aResultThatWasTamperedWithIsNamed(String right, String wrong, String problem) throws IOException {
        checkout.plant(Checkout.RESULTS, right, wrong);
        assertThat(LedgerCheck.problems(folder)).anyMatch(found -> found.startsWith(problem));
    }

    @Test
    void resultsThatAreNoJsonAreNamed() throws IOException {
        checkout.write(Checkout.RESULTS, "<html>");
        assertThat(LedgerCheck.problems(folder)).anyMatch(problem -> problem.startsWith("papers/laws/results.json: "));
    }

    @Test
    void aNotebookThatShowsOtherNumbersThanTheResultsIsNamed() throws IOException {
        checkout.plant(Checkout.NOTEBOOK, "\"values\":[0.5]", "\"values\":[0.6]");
        assertThat(checkout.problems()).containsExactly("a-law/tail: the notebook shows [0.6], the recorded values are [0.5]; run it again with --record");
    }

    @Test
    void anOutcomeThatIsNotTheExpectedOneIsNamed() throws IOException {
        for (String file : List.of(Checkout.CARD, Checkout.NOTEBOOK, Checkout.RESULTS)) {
            checkout.write(file, checkout.read(file).replace("not-reproduced", "reproduced"));
        }
        assertThat(checkout.problems()).containsExactly("papers/laws/results.json: a-law/tail measured 0.5 against >= 0.97, the card expects reproduced");
    }

    @Test
    void aResultInTheFolderOfAnotherFamilyIsNamed() throws IOException {
        checkout.write("papers/nets/results.json", checkout.read(Checkout.RESULTS));
        assertThat(LedgerCheck.problems(folder)).contains("papers/nets/results.json: a-law/tail is of the family laws");
    }

    @Test
    void aReadmeThatIsNotUpToDateIsNamed() throws IOException {
        checkout.plant("papers/README.md", "| Laws | 1 |", "| Laws | 2 |");
        assertThat(LedgerCheck.problems(folder)).containsExactly("papers/README.md is not what index, cards and results give; write it with lemma.papers.Ledger");
    }

    @Test
    void aDraftNeedsNoNotebookButEndsWithOne() throws IOException {
        String draft = "---\ntitle: B Law\nfamily: laws\nkind: theory\ndraft: true\nclaims: [{id: c, metric: m, bound: \"> 0\", seeds: 0, expect: reproduced}]\n---\n";
        checkout.write("papers/laws/b-law.md", draft);
        assertThat(checkout.problems()).isEmpty();
        checkout.write("notebooks/more.ipynb", Checkout.notebook(List.of(), "Papers.get(\"b-law\").claim(\"c\").measured(1);"));
        assertThat(checkout.problems()).containsExactly("b-law/c is measured by notebooks/more.ipynb, so its card is no draft any more: take 'draft: true' out");
    }
}
