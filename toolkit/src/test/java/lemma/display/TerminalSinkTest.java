package lemma.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalSinkTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private String shown(boolean interactive) {
        TerminalSink sink = new TerminalSink(new PrintStream(bytes, true, StandardCharsets.UTF_8), interactive);
        sink.show("a", Bundle.text("0 of 2"));
        sink.update("a", Bundle.text("1 of 2"));
        sink.finish("a", Bundle.text("2 of 2"));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLogKeepsTheFirstAndTheLastState() {
        assertThat(shown(false).lines()).containsExactly("0 of 2", "2 of 2");
    }

    @Test
    void aTerminalRewritesTheLine() {
        assertThat(shown(true)).isEqualTo("0 of 2\r\u001b[2K1 of 2\r\u001b[2K2 of 2");
    }
}
