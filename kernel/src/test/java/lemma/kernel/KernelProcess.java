package lemma.kernel;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import lemma.kernel.wire.Connection;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;
import lemma.kernel.wire.Wire;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A kernel in a process of its own and a client that speaks to it over ZeroMQ, for tests. */
final class KernelProcess implements AutoCloseable {
    static final int TIMEOUT_MILLIS = 60_000;

    private final ZContext context = new ZContext();
    private final String session = UUID.randomUUID().toString();
    private final Path file;
    final Connection connection = Connection.onFreePorts();
    final Wire wire = new Wire(connection);
    final Process process;
    final ZMQ.Socket shell;
    final ZMQ.Socket control;
    final ZMQ.Socket stdin;
    final ZMQ.Socket iopub;

    KernelProcess(String... jvmFlags) throws IOException, Wire.BadMessage {
        this(Map.of(), jvmFlags);
    }

    KernelProcess(Map<String, String> environment, String... jvmFlags) throws IOException, Wire.BadMessage {
        file = Files.createTempFile("kernel", ".json");
        file.toFile().deleteOnExit();
        connection.write(file);
        List<String> command = Launch.jvm();
        command.addAll(List.of(jvmFlags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "lemma.kernel.LemmaKernel", file.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        builder.environment().put("JPY_PARENT_PID", Long.toString(ProcessHandle.current().pid()));
        process = builder.start();
        shell = dealer(connection.shell());
        control = dealer(connection.control());
        stdin = dealer(connection.stdin());
        iopub = context.createSocket(SocketType.SUB);
        iopub.setHWM(0);
        iopub.setReceiveTimeOut(TIMEOUT_MILLIS);
        iopub.subscribe(new byte[0]);
        iopub.connect(connection.address(connection.iopub()));
        awaitIopub();
    }

    private ZMQ.Socket dealer(int port) {
        ZMQ.Socket socket = context.createSocket(SocketType.DEALER);
        socket.setReceiveTimeOut(TIMEOUT_MILLIS);
        socket.setIdentity(session.getBytes());
        socket.connect(connection.address(port));
        return socket;
    }

    /** A subscription takes effect some time after it was made: asks until the kernel's status is heard. */
    private void awaitIopub() throws Wire.BadMessage {
        iopub.setReceiveTimeOut(200);
        Message heard = null;
        while (heard == null) {
            request("kernel_info_request", new JsonObject());
            heard = wire.receive(iopub);
        }
        iopub.setReceiveTimeOut(TIMEOUT_MILLIS);
        String last = request("kernel_info_request", new JsonObject()).parentId();
        untilIdle(last);
    }

    /** What came back for one request. */
    record Answer(Message reply, List<Message> published) {
        String status() {
            return reply.content().get("status").getAsString();
        }

        List<Message> published(String type) {
            return published.stream().filter(message -> message.type().equals(type)).toList();
        }

        List<String> types() {
            return published.stream().map(Message::type).filter(type -> !type.equals("status") && !type.equals("execute_input")).toList();
        }

        String stream(String name) {
            return published("stream").stream().map(Message::content).filter(content -> content.get("name").getAsString().equals(name))
                    .map(content -> content.get("text").getAsString()).collect(Collectors.joining());
        }

        String result() {
            return published("execute_result").getFirst().content().getAsJsonObject("data").get("text/plain").getAsString();
        }

        JsonObject data(String type) {
            return published(type).getFirst().content().getAsJsonObject("data");
        }

        String traceback() {
            List<String> lines = new ArrayList<>();
            reply.content().getAsJsonArray("traceback").forEach(line -> lines.add(line.getAsString()));
            return String.join("\n", lines).replaceAll("\u001b\\[[0-9;]*m", "");
        }
    }

    Message send(ZMQ.Socket socket, String type, JsonObject content) {
        Message request = Message.request(session, type, content);
        wire.send(socket, request);
        return request;
    }

    Message request(String type, JsonObject content) throws Wire.BadMessage {
        return reply(shell, send(shell, type, content));
    }

    Message reply(ZMQ.Socket socket, Message request) throws Wire.BadMessage {
        while (true) {
            Message reply = wire.receive(socket);
            if (reply == null) throw new AssertionError("no reply to " + request.type() + " " + request.content() + " from " + process);
            if (reply.parentId().equals(request.id())) return reply;
        }
    }

    Message submit(String code) {
        return send(shell, "execute_request", content(code));
    }

    static JsonObject content(String code) {
        return Json.object("code", code, "silent", false, "store_history", true, "user_expressions", Map.of(), "allow_stdin", false,
                "stop_on_error", true);
    }

    Answer execute(String code) throws Wire.BadMessage {
        return execute(content(code));
    }

    Answer execute(JsonObject content) throws Wire.BadMessage {
        return answer(send(shell, "execute_request", content));
    }

    Answer answer(Message request) throws Wire.BadMessage {
        Message reply = reply(shell, request);
        return new Answer(reply, untilIdle(request.id()));
    }

    List<Message> untilIdle(String requestId) throws Wire.BadMessage {
        List<Message> published = new ArrayList<>();
        while (true) {
            Message message = wire.receive(iopub);
            if (message == null) throw new AssertionError("no idle status after " + published + " from " + process);
            if (!message.parentId().equals(requestId)) continue;
            published.add(message);
            if (message.type().equals("status") && message.content().get("execution_state").getAsString().equals("idle")) return published;
        }
    }

    /** Waits until the cell of {@code request} has printed something; what an earlier cell printed does not count. */
    void awaitOutput(Message request) throws Wire.BadMessage {
        while (true) {
            Message message = wire.receive(iopub);
            if (message == null) throw new AssertionError("nothing was printed");
            if (message.type().equals("stream") && message.parentId().equals(request.id())) return;
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        send(control, "shutdown_request", Json.object("restart", false));
        if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly();
        context.close();
        Files.delete(file);
    }
}
