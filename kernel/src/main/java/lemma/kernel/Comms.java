package lemma.kernel;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;

/** The open {@link Comm}s of this kernel and who takes those that a page opens. */
final class Comms {
    private final Publisher publisher;
    private final Map<String, Comm> open = new ConcurrentHashMap<>();
    private final Map<String, Consumer<Comm>> targets = new ConcurrentHashMap<>();

    Comms(Publisher publisher) {
        this.publisher = publisher;
    }

    void register(String target, Consumer<Comm> opened) {
        targets.put(target, opened);
    }

    Comm open(String target, Map<String, ?> data, List<byte[]> buffers) {
        JsonElement json = Json.of(data);
        Comm comm = new Comm(this, UUID.randomUUID().toString(), target, data(json));
        open.put(comm.id(), comm);
        publisher.send("comm_open", Json.object("comm_id", comm.id(), "target_name", target, "data", json), buffers);
        return comm;
    }

    boolean isOpen(Comm comm) {
        return open.containsKey(comm.id());
    }

    void send(Comm comm, Map<String, ?> data, List<byte[]> buffers) {
        publisher.send("comm_msg", Json.object("comm_id", comm.id(), "data", data), buffers);
    }

    void close(Comm comm) {
        if (open.remove(comm.id()) != null) sendClose(comm.id());
    }

    private void sendClose(String id) {
        publisher.send("comm_close", Json.object("comm_id", id, "data", Map.of()));
    }

    /** The open ones, as {@code comm_info_request} asks for them: all or those of one target. */
    JsonObject info(JsonObject request) {
        String target = text(request, "target_name");
        Map<String, Object> comms = new LinkedHashMap<>();
        for (Comm comm : open.values()) {
            if (target.isEmpty() || comm.target().equals(target)) comms.put(comm.id(), Map.of("target_name", comm.target()));
        }
        return Json.object("status", "ok", "comms", comms);
    }

    /** Calls the user's code for a page's {@code comm_open}, {@code comm_msg} or {@code comm_close}; one for an unknown line is ignored. */
    void handle(Message message) {
        String id = text(message.content(), "comm_id");
        Comm.Received received = new Comm.Received(data(message.content().get("data")), message.buffers());
        switch (message.type()) {
            case "comm_open" -> opened(id, text(message.content(), "target_name"), received);
            case "comm_msg" -> {
                Comm comm = open.get(id);
                if (comm != null) comm.received(received);
            }
            default -> {
                Comm comm = open.remove(id);
                if (comm != null) comm.closed(received);
            }
        }
    }

    private void opened(String id, String target, Comm.Received received) {
        Consumer<Comm> handler = targets.get(target);
        if (handler == null) {
            sendClose(id);
            return;
        }
        Comm comm = new Comm(this, id, target, received.data());
        open.put(id, comm);
        try {
            handler.accept(comm);
        } catch (RuntimeException | Error e) {
            close(comm);
            throw e;
        }
    }

    private static String text(JsonObject json, String name) {
        return json.has(name) && json.get(name).isJsonPrimitive() ? json.get(name).getAsString() : "";
    }

    @SuppressWarnings("unchecked") // the names in a JSON object are strings
    private static Map<String, Object> data(JsonElement json) {
        return json != null && json.isJsonObject() ? (Map<String, Object>) Json.plain(json) : Map.of();
    }
}
