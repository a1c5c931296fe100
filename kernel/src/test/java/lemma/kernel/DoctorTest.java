package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorTest {
    private static String printed(Doctor.Finding... findings) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Doctor.print(List.of(findings), new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void looksAtAllThatANotebookNeeds() {
        assertThat(Doctor.findings()).extracting(Doctor.Finding::name)
                .containsExactly("JDK", "system", "CPU", "Vector API", "BLAS", "threads", "Java heap", "memory", "fonts", "kernelspec");
    }

    @Test
    void namesTheBlasThatLoads() {
        assertThat(Doctor.findings()).filteredOn(finding -> finding.name().equals("BLAS")).singleElement()
                .satisfies(blas -> assertThat(blas.value()).matches("OpenBLAS 0\\.\\d+.*, kernel \\w+"));
    }

    @Test
    void saysHowToMendWhatIsWrong() {
        assertThat(printed(Doctor.Finding.good("JDK", "25"), new Doctor.Finding("fonts", "none", "install fontconfig")))
                .contains("ok   JDK", "!!   fonts", "mend: install fontconfig", "1 to mend");
        assertThat(printed(Doctor.Finding.good("JDK", "25"))).endsWith("nothing is wrong\n");
    }
}
