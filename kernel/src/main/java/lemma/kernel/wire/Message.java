package lemma.kernel.wire;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/**
 * A message of the Jupyter protocol.
 *
 * @param identities ZeroMQ routing frames before the delimiter; on iopub the topic
 * @param header {@code msg_id, msg_type, session, username, date, version}
 * @param parent the header of the request this one answers; empty for a request
 * @param metadata free form
 * @param content what the type says
 * @param buffers raw frames after the content
 * @see <a href="https://jupyter-client.readthedocs.io/en/stable/messaging.html">Jupyter messaging protocol 5.3</a>
 */
public record Message(List<byte[]> identities, JsonObject header, JsonObject parent, JsonObject metadata, JsonObject content,
        List<byte[]> buffers) {
    public static final String PROTOCOL = "5.3";

    /** A new message without parent, as a client sends it. */
    public static Message request(String session, String type, JsonObject content) {
        return new Message(List.of(), header(session, "lemma", type), new JsonObject(), new JsonObject(), content, List.of());
    }

    /** The answer to this message on the same socket: same route, this one's header as parent. */
    public Message reply(String session, String type, JsonObject content) {
        return new Message(identities, header(session, username(), type), header, new JsonObject(), content, List.of());
    }

    /** A broadcast that this message caused: the topic leads, this one's header is its parent. */
    public Message broadcast(String session, String type, JsonObject content) {
        return new Message(List.of(type.getBytes(StandardCharsets.UTF_8)), header(session, username(), type), header,
                new JsonObject(), content, List.of());
    }

    /** What a client hears first when its subscription to {@code topic} has taken effect. */
    public static Message welcome(String session, byte[] topic) {
        JsonObject content = Json.object("subscription", new String(topic, StandardCharsets.UTF_8));
        return new Message(List.of(topic), header(session, "kernel", "iopub_welcome"), new JsonObject(), new JsonObject(), content, List.of());
    }

    /** This message with raw frames after its content. */
    public Message withBuffers(List<byte[]> frames) {
        return new Message(identities, header, parent, metadata, content, List.copyOf(frames));
    }

    private static JsonObject header(String session, String username, String type) {
        return Json.object("msg_id", UUID.randomUUID().toString(), "msg_type", type, "session", session, "username", username,
                "date", Instant.now().truncatedTo(ChronoUnit.MICROS).toString(), "version", PROTOCOL);
    }

    public String type() {
        return text(header, "msg_type");
    }

    public String id() {
        return text(header, "msg_id");
    }

    /** The id of the request that this message answers, empty for none. */
    public String parentId() {
        return text(parent, "msg_id");
    }

    private String username() {
        return text(header, "username");
    }

    private static String text(JsonObject json, String name) {
        return json.has(name) && json.get(name).isJsonPrimitive() ? json.get(name).getAsString() : "";
    }
}
