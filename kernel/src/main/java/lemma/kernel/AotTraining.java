package lemma.kernel;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import lemma.kernel.wire.Connection;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;
import lemma.kernel.wire.Wire;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** A kernel and its client in one JVM, going through what a session does first, so that the JVM learns what to cache. */
final class AotTraining {
    private AotTraining() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Connection connection = Connection.onFreePorts();
        Kernel kernel = new Kernel(connection);
        Thread client = Thread.ofPlatform().daemon().start(() -> train(connection));
        kernel.run();
        client.join();
        System.exit(0);
    }

    private static void train(Connection connection) {
        Wire wire = new Wire(connection);
        try (ZMQ.Context context = ZMQ.context(1); ZMQ.Socket shell = context.socket(SocketType.DEALER)) {
            shell.setLinger(0);
            shell.connect(connection.address(connection.shell()));
            ask(wire, shell, "kernel_info_request", new JsonObject());
            for (String cell : cells()) {
                ask(wire, shell, "execute_request", Json.object("code", cell, "silent", false, "store_history", true, "user_expressions", Map.of(),
                        "allow_stdin", false, "stop_on_error", false));
            }
            ask(wire, shell, "complete_request", Json.object("code", "Math.ab", "cursor_pos", 7));
            ask(wire, shell, "shutdown_request", Json.object("restart", false));
        } catch (IOException | Wire.BadMessage e) {
            throw new IllegalStateException("training stopped", e);
        }
    }

    private static void ask(Wire wire, ZMQ.Socket shell, String type, JsonObject content) throws Wire.BadMessage {
        wire.send(shell, Message.request("training", type, content));
        wire.receive(shell);
    }

    private static List<String> cells() throws IOException {
        try (InputStream in = AotTraining.class.getResourceAsStream("training.jshell")) {
            return List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n\n"));
        }
    }
}
