package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import lemma.kernel.KernelProcess.Answer;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Lines between a cell's code and a page's, seen from the page. */
class CommTest {
    private static KernelProcess kernel;

    @BeforeAll
    static void start() throws Exception {
        kernel = new KernelProcess("-Xmx256m");
    }

    @AfterAll
    static void stop() throws Exception {
        kernel.close();
    }

    private static List<Message> tell(String type, JsonObject content) throws Exception {
        return kernel.untilIdle(kernel.send(kernel.shell, type, content).id());
    }

    private static JsonObject comms(Object... request) throws Exception {
        return kernel.request("comm_info_request", Json.object(request)).content().getAsJsonObject("comms");
    }

    @Test
    void aCellTalksToThePage() throws Exception {
        Answer opened = kernel.execute("Comm curve = Comm.open(\"curve\", Map.of(\"points\", List.of(1, 2.5)));\n"
                + "curve.onMessage(m -> { display(\"zoom \" + m.data()); curve.send(Map.of(\"seen\", m.data().get(\"zoom\"))); });");
        Message open = opened.published("comm_open").getFirst();
        assertThat(open.content().get("target_name").getAsString()).isEqualTo("curve");
        assertThat(open.content().get("data").toString()).isEqualTo("{\"points\":[1,2.5]}");
        String id = open.content().get("comm_id").getAsString();
        assertThat(comms().getAsJsonObject(id).get("target_name").getAsString()).isEqualTo("curve");
        assertThat(comms("target_name", "other").has(id)).isFalse();

        List<Message> heard = tell("comm_msg", Json.object("comm_id", id, "data", Map.of("zoom", 3)));
        assertThat(heard).extracting(Message::type).containsExactly("status", "display_data", "comm_msg", "status");
        assertThat(heard.get(1).content().getAsJsonObject("data").get("text/plain").getAsString()).isEqualTo("zoom {zoom=3}");
        assertThat(heard.get(2).content().get("data").toString()).isEqualTo("{\"seen\":3}");

        assertThat(kernel.execute("curve.close(); curve.isOpen()").published("comm_close")).hasSize(1);
        assertThat(kernel.execute("curve.send(Map.of());").traceback()).contains("the comm curve is closed");
        assertThat(comms().has(id)).isFalse();
    }

    @Test
    void aPageTalksToACell() throws Exception {
        kernel.execute("List<Object> heard = new ArrayList<>();\nComm.register(\"slider\", comm -> {\n    heard.add(comm.opening());\n"
                + "    comm.onMessage(m -> heard.add(m.data().get(\"value\"))).onClose(m -> heard.add(\"closed\"));\n});");
        tell("comm_open", Json.object("comm_id", "page-1", "target_name", "slider", "data", Map.of("max", 9)));
        tell("comm_msg", Json.object("comm_id", "page-1", "data", Map.of("value", 0.5)));
        tell("comm_close", Json.object("comm_id", "page-1", "data", Map.of()));
        assertThat(kernel.execute("heard").result()).isEqualTo("[{max=9}, 0.5, closed]");
    }

    @Test
    void buffersTravelBesideTheData() throws Exception {
        Answer sent = kernel.execute("Comm bytes = Comm.open(\"bytes\", Map.of(), new byte[] {1, 2, 3});\n"
                + "bytes.onMessage(m -> bytes.send(Map.of(), m.buffers().get(0)));");
        Message open = sent.published("comm_open").getFirst();
        assertThat(open.buffers()).containsExactly(new byte[] {1, 2, 3});
        Message message = Message.request("page", "comm_msg", Json.object("comm_id", open.content().get("comm_id"), "data", Map.of()))
                .withBuffers(List.of(new byte[] {9, 8}));
        kernel.wire.send(kernel.shell, message);
        assertThat(kernel.untilIdle(message.id()).stream().filter(m -> m.type().equals("comm_msg")).findFirst().orElseThrow().buffers())
                .containsExactly(new byte[] {9, 8});
    }

    @Test
    void aTargetNobodyRegisteredIsClosed() throws Exception {
        assertThat(tell("comm_open", Json.object("comm_id", "lost", "target_name", "nobody", "data", Map.of()))).extracting(Message::type)
                .containsExactly("status", "comm_close", "status");
        assertThat(tell("comm_msg", Json.object("comm_id", "lost", "data", Map.of()))).hasSize(2);
    }

    @Test
    void aHandlerThatFailsIsToldOfAndHarmsNothing() throws Exception {
        kernel.execute("Comm.register(\"broken\", comm -> { throw new IllegalStateException(\"no such curve\"); });");
        List<Message> heard = tell("comm_open", Json.object("comm_id", "b", "target_name", "broken", "data", Map.of()));
        assertThat(heard.toString()).contains("IllegalStateException", "no such curve");
        assertThat(comms().has("b")).isFalse();
        assertThat(kernel.execute("6 * 7").result()).isEqualTo("42");
    }
}
