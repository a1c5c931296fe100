package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lemma.tensor.DType;
import org.junit.jupiter.api.Test;

class LayersPageTest {
    private static final Pattern TEST = Pattern.compile("\\((\\w+Test)\\)");

    @Test
    void everyModuleHasDigits() throws IOException {
        LayersPage page = new LayersPage();
        assertThat(LayersPage.modules()).allMatch(module -> module.equals("Activation") || page.hasDigits(module));
    }

    @Test
    void everyDigitIsWithinTheToleranceOfTheTests() {
        LayersPage page = new LayersPage();
        assertThat(page.worst(DType.FLOAT64)).isLessThan(1e-9);
        assertThat(page.worst(DType.FLOAT32)).isLessThan(1e-5);
    }

    @Test
    void secondDerivativesThatAreNotRecordedAreDifferencesOfGradients() {
        assertThat(new LayersPage().errorsOfSecondDerivatives()).hasSizeGreaterThan(30).allSatisfy((name, error) -> assertThat(error).as(name).isLessThan(1e-7));
    }

    @Test
    void everyOracleNamedByHandIsATestThatKnowsTheLayer() throws IOException {
        for (var oracle : LayerList.ORACLES.entrySet()) {
            Matcher test = TEST.matcher(oracle.getValue());
            assertThat(test.find()).as(oracle.toString()).isTrue();
            assertThat(Files.readString(LayersPage.test(test.group(1)))).as(oracle.toString()).containsPattern("\\b" + oracle.getKey() + "\\b");
            assertThat(LayersPage.modules()).contains(oracle.getKey());
        }
    }

    @Test
    void everyActivationHasPyTorchsNameAndAnOperation() throws IOException {
        List<String> names = Arrays.stream(Activation.values()).map(Enum::name).toList();
        assertThat(LayerList.ACTIVATIONS.keySet()).containsExactlyInAnyOrderElementsOf(names);
        String operations = Files.readString(Path.of("operations.md"));
        for (Activation f : Activation.values()) if (f != Activation.IDENTITY) assertThat(operations).contains("| `" + LayersPage.operation(f) + "` |");
    }

    @Test
    void thePageIsCurrent() throws IOException {
        String page = new LayersPage().text();
        if (Boolean.getBoolean("lemma.write")) Files.writeString(LayersPage.FILE, page);
        assertThat(LayersPage.withoutNumbers(Files.readString(LayersPage.FILE))).isEqualTo(LayersPage.withoutNumbers(page));
    }
}
