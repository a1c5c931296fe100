package lemma.kernel.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Map;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;
import org.junit.jupiter.api.Test;

class OutputsTest {
    private final Outputs outputs = new Outputs();
    private final JsonArray cell = new JsonArray();

    OutputsTest() {
        outputs.begin(cell);
    }

    private void broadcast(String type, Object... content) {
        outputs.accept(Message.request("session", type, Json.object(content)));
    }

    private void print(String stream, String text) {
        broadcast("stream", "name", stream, "text", text);
    }

    private void show(String type, String id, String text) {
        broadcast(type, "data", Map.of("text/plain", text), "metadata", Map.of(), "transient", Map.of("display_id", id));
    }

    private JsonObject output(int index) {
        return cell.get(index).getAsJsonObject();
    }

    private String shown(int index) {
        return output(index).getAsJsonObject("data").get("text/plain").getAsString();
    }

    @Test
    void piecesOfAStreamBecomeOne() {
        print("stdout", "a\n");
        print("stdout", "b\n");
        print("stderr", "c\n");
        print("stdout", "d\n");
        outputs.end();
        assertThat(cell).hasSize(3);
        assertThat(output(0).get("text").getAsString()).isEqualTo("a\nb\n");
        assertThat(output(1).get("name").getAsString()).isEqualTo("stderr");
    }

    @Test
    void aCarriageReturnOverwritesItsLine() {
        print("stdout", "done\n 10 %\r");
        print("stdout", "100 %\r\nend");
        outputs.end();
        assertThat(output(0).get("text").getAsString()).isEqualTo("done\n100 %\nend");
        assertThat(Outputs.overwritten("abcdef\rXY")).isEqualTo("XYcdef");
    }

    @Test
    void endlessPrintingIsCut() {
        String line = "x".repeat(1 << 20);
        for (int i = 0; i < 40; i++) print("stdout", line);
        outputs.end();
        assertThat(output(0).get("text").getAsString()).hasSizeLessThan(10 << 20).endsWith("the rest is left out]\n");
    }

    @Test
    void anUpdateReachesEveryDisplayOfItsId() {
        show("display_data", "one", "old");
        show("display_data", "two", "other");
        outputs.end();
        JsonArray next = new JsonArray();
        outputs.begin(next);
        show("display_data", "one", "old again");
        show("update_display_data", "one", "new");
        outputs.end();
        assertThat(shown(0)).isEqualTo("new");
        assertThat(shown(1)).isEqualTo("other");
        assertThat(next).hasSize(1);
        assertThat(next.get(0)).isEqualTo(output(0));
        assertThat(output(0).keySet()).containsExactlyInAnyOrder("output_type", "data", "metadata");
    }

    @Test
    void clearsAtOnceOrBeforeTheNextOutput() {
        print("stdout", "a");
        broadcast("clear_output", "wait", false);
        assertThat(cell).isEmpty();
        print("stdout", "b");
        broadcast("clear_output", "wait", true);
        assertThat(cell).hasSize(1);
        print("stdout", "c");
        outputs.end();
        assertThat(cell).hasSize(1);
        assertThat(output(0).get("text").getAsString()).isEqualTo("c");
    }

    @Test
    void keepsResultsAndErrorsAsTheFormatWantsThem() {
        broadcast("status", "execution_state", "busy");
        broadcast("execute_result", "execution_count", 7, "data", Map.of("text/plain", "2"), "metadata", Map.of());
        broadcast("error", "ename", "E", "evalue", "v", "traceback", new String[] {"line"}, "more", 1);
        outputs.end();
        assertThat(output(0).get("execution_count").getAsInt()).isEqualTo(7);
        assertThat(output(1).keySet()).containsExactlyInAnyOrder("output_type", "ename", "evalue", "traceback");
        assertThat(cell).hasSize(2);
    }
}
