package lemma.kernel;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lemma.display.Display;
import lemma.kernel.wire.Connection;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;
import lemma.kernel.wire.Wire;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** The five channels of a Jupyter kernel and the threads that serve them. */
final class Kernel {
    private static final long CLOSE_MILLIS = 3_000;
    private static final long EXIT_MILLIS = 8_000; // longest wait of an ending JVM for the last answer
    private static final int ABORT_MILLIS = 10;

    private final Wire wire;
    private final String session = UUID.randomUUID().toString();
    private final ZMQ.Context context = Sockets.context();
    private final Publisher publisher;
    private final Console console;
    private final ZMQ.Socket shell;
    private final ZMQ.Socket control;
    private final ZMQ.Socket heartbeat;
    private final Cells cells;
    private final CountDownLatch done = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Binds all channels of {@code connection}. */
    Kernel(Connection connection) {
        wire = new Wire(connection);
        heartbeat = Sockets.bind(context, SocketType.ROUTER, connection.address(connection.heartbeat()));
        shell = Sockets.bind(context, SocketType.ROUTER, connection.address(connection.shell()));
        control = Sockets.bind(context, SocketType.ROUTER, connection.address(connection.control()));
        publisher = new Publisher(context, connection.address(connection.iopub()), wire, session);
        console = new Console(context, connection.address(connection.stdin()), wire, session);
        cells = new Cells(publisher, console);
    }

    /** Serves until a client asks for shutdown. Standard streams and the display sink of this process are the kernel's meanwhile. */
    void run() throws InterruptedException {
        PrintStream out = System.out;
        PrintStream err = System.err;
        InputStream in = System.in;
        System.setOut(cells.out());
        System.setErr(cells.err());
        System.setIn(console);
        Display.Sink sink = Display.install(cells.sink());
        try {
            serve();
        } finally {
            System.setOut(out);
            System.setErr(err);
            System.setIn(in);
            Display.install(sink);
        }
    }

    private void serve() throws InterruptedException {
        publisher.send("status", Json.object("execution_state", "starting"));
        Sockets.serve("heartbeat", heartbeat, this::echo);
        Sockets.serve("shell", shell, this::serveShell);
        Sockets.serve("control", control, this::serveControl);
        done.await();
        cells.interrupt();
        publisher.close();
        console.close();
        Thread closing = Thread.ofPlatform().name("close").daemon().start(context::close); // waits for unsent replies
        closing.join(CLOSE_MILLIS);
        closed.countDown();
    }

    /** The JVM is ending by a cell's {@code System.exit} or a signal: answers that cell, sends what is queued and closes the channels. */
    void exit() {
        cells.exit();
        if (!cells.exiting()) done.countDown();
        try {
            closed.await(EXIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("this thread belongs to the kernel and is never interrupted", e);
        }
    }

    /** Tells the running cell to stop. */
    void interrupt() {
        cells.interrupt();
    }

    private void echo(ZMQ.Socket socket) {
        while (true) {
            byte[] frame = socket.recv(0);
            socket.send(frame, socket.hasReceiveMore() ? ZMQ.SNDMORE : 0);
        }
    }

    private void serveControl(ZMQ.Socket socket) {
        while (done.getCount() > 0) {
            Message request = receive(socket, "control");
            if (request == null) continue;
            publishStatus(request, "busy");
            reply(socket, request, control(request));
            publishStatus(request, "idle");
            if (request.type().equals("shutdown_request")) done.countDown();
        }
    }

    private JsonObject control(Message request) {
        try {
            return answerControl(request);
        } catch (RuntimeException e) { // a request without what it needs must not end the thread that answers
            return failure(request, e);
        }
    }

    private JsonObject answerControl(Message request) {
        return switch (request.type()) {
            case "interrupt_request" -> {
                cells.interrupt();
                yield Json.object("status", "ok");
            }
            case "shutdown_request" -> Json.object("status", "ok", "restart", restart(request));
            case "kernel_info_request" -> KernelInfo.reply();
            default -> unknown(request);
        };
    }

    private static boolean restart(Message request) {
        return request.content().has("restart") && request.content().get("restart").getAsBoolean();
    }

    private static JsonObject unknown(Message request) {
        return Json.object("status", "error", "ename", "UnknownRequest", "evalue", "this kernel does not answer " + request.type(), "traceback",
                new String[0]);
    }

    private void serveShell(ZMQ.Socket socket) {
        cells.start();
        Queue<Message> waiting = new ArrayDeque<>();
        while (done.getCount() > 0) {
            Message request = waiting.isEmpty() ? receive(socket, "shell") : waiting.poll();
            if (request == null) continue;
            publishStatus(request, "busy");
            JsonObject content = shell(request);
            if (stopsOthers(request, content)) abortWaiting(socket, waiting);
            if (content != null) reply(socket, request, content);
            publishStatus(request, "idle");
            if (request.type().equals("shutdown_request") || cells.exiting()) done.countDown();
        }
    }

    private static boolean stopsOthers(Message request, JsonObject reply) {
        if (!request.type().equals("execute_request") || reply.get("status").getAsString().equals("ok")) return false;
        JsonElement stops = request.content().get("stop_on_error");
        return stops == null || !stops.isJsonPrimitive() || stops.getAsBoolean();
    }

    /** Answers the execute requests that came while the failed cell ran; other requests are served in their turn. */
    private void abortWaiting(ZMQ.Socket socket, Queue<Message> others) {
        socket.setReceiveTimeOut(ABORT_MILLIS);
        try {
            for (Message request = receive(socket, "shell"); request != null; request = receive(socket, "shell")) {
                if (request.type().equals("execute_request")) abort(socket, request);
                else others.add(request);
            }
        } finally {
            socket.setReceiveTimeOut(-1);
        }
    }

    private void abort(ZMQ.Socket socket, Message request) {
        publishStatus(request, "busy");
        reply(socket, request, Json.object("status", "aborted"));
        publishStatus(request, "idle");
    }

    private JsonObject shell(Message request) {
        try {
            return switch (request.type()) {
                case "execute_request" -> cells.execute(request);
                case "complete_request" -> cells.complete(request.content());
                case "inspect_request" -> cells.inspect(request.content());
                case "is_complete_request" -> cells.isComplete(request.content());
                case "history_request" -> cells.history(request.content());
                case "kernel_info_request" -> KernelInfo.reply();
                case "comm_info_request" -> cells.comms().info(request.content());
                case "shutdown_request" -> Json.object("status", "ok", "restart", restart(request));
                case "comm_open", "comm_msg", "comm_close" -> {
                    cells.handleComm(request);
                    yield null;
                }
                default -> unknown(request);
            };
        } catch (RuntimeException | Error e) { // an error too, such as a full heap, must not end the thread that answers
            HeapReserve.releaseOn(e);
            return failure(request, e);
        }
    }

    private static JsonObject failure(Message request, Throwable problem) {
        if (problem instanceof IllegalArgumentException) Log.warn(request.type(), problem);
        else Log.error(request.type(), problem);
        return Json.object("status", "error", "ename", problem.getClass().getName(), "evalue", String.valueOf(problem.getMessage()), "traceback",
                new String[0]);
    }

    private Message receive(ZMQ.Socket socket, String channel) {
        try {
            return wire.receive(socket);
        } catch (Wire.BadMessage e) {
            Log.warn(channel + ", message ignored", e);
            return null;
        } catch (OutOfMemoryError e) { // the message is lost, the channel is not
            HeapReserve.releaseOn(e);
            return null;
        }
    }

    private void reply(ZMQ.Socket socket, Message request, JsonObject content) {
        String type = request.type().replace("_request", "_reply");
        List<byte[]> frames = HeapReserve.insist(() -> wire.encode(request.reply(session, type, content)));
        Sockets.send(socket, frames);
    }

    private void publishStatus(Message request, String state) {
        HeapReserve.insist(() -> {
            publisher.send(request, "status", Json.object("execution_state", state));
            return null;
        });
    }
}
