package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class OperationsPageTest {
    private static final Pattern TEST = Pattern.compile("\\((\\w+(?:Test|Cases))\\)");

    @Test
    void everyOperationHasAnOracle() {
        List<String> without = new OperationsPage().rows().stream().filter(r -> r.cases().isEmpty() && r.oracle().isEmpty()).map(OperationsPage.Row::method).toList();
        assertThat(without).isEmpty();
    }

    @Test
    void everyOracleNamedByHandIsATestThatCallsTheOperation() throws IOException {
        for (var oracle : OracleList.ORACLES.entrySet()) {
            Matcher test = TEST.matcher(oracle.getValue());
            assertThat(test.find()).as(oracle.toString()).isTrue();
            assertThat(source(test.group(1))).as(oracle.toString()).containsPattern("[.:]" + oracle.getKey().replaceFirst("^.*\\.", "") + "\\b");
        }
    }

    private static String source(String test) throws IOException {
        try (var files = Files.walk(Path.of("src/test/java"))) {
            return Files.readString(files.filter(f -> f.getFileName().toString().equals(test + ".java")).findFirst().orElseThrow());
        }
    }

    @Test
    void thePageIsCurrent() throws IOException {
        String page = new OperationsPage().text();
        if (Boolean.getBoolean("lemma.write")) OperationsPage.write(page);
        assertThat(OperationsPage.withoutNumbers(OperationsPage.read())).isEqualTo(OperationsPage.withoutNumbers(page));
    }
}
