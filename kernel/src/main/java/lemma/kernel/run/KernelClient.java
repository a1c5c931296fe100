package lemma.kernel.run;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import lemma.kernel.wire.Connection;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;
import lemma.kernel.wire.Wire;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/**
 * A Jupyter client of one kernel process, for one thread: sends code on the shell channel and hands on what comes back on iopub.
 *
 * @see <a href="https://jupyter-client.readthedocs.io/en/stable/messaging.html">Jupyter messaging protocol 5.3</a>
 */
final class KernelClient implements AutoCloseable {
    /** How long a kernel may take to answer its first question. */
    static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final int TICK_MILLIS = 200;
    private static final int RECONNECT_MILLIS = 20;
    /** Broadcasts handled before the clock is looked at again: a cell that prints for ever must not keep us from its limit. */
    private static final int MESSAGES_A_TURN = 100;
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(30);
    private static final Duration INTERRUPT_GRACE = Duration.ofSeconds(10);
    private static final long EXIT_MILLIS = 5000;

    private final KernelProcess process;
    private final Wire wire;
    private final ZContext context = new ZContext();
    private final ZMQ.Socket shell;
    private final ZMQ.Socket control;
    private final ZMQ.Socket iopub;
    private final ZMQ.Poller poller;
    private final String session = UUID.randomUUID().toString();
    private JsonObject info;

    /** What a kernel says when a cell is done. */
    record Reply(JsonObject content, boolean interrupted) {
        boolean ok() {
            return content.get("status").getAsString().equals("ok");
        }
    }

    /** The kernel is gone, silent or cannot be stopped; no further cell can run. */
    static final class KernelLost extends Exception {
        private static final long serialVersionUID = 1L;

        KernelLost(String message) {
            super(message);
        }
    }

    /** Starts a kernel and waits until it answers. @see KernelProcess */
    static KernelClient start(List<String> command, Path folder, Map<String, String> environment, Path log)
            throws IOException, KernelLost {
        KernelClient client = new KernelClient(new KernelProcess(command, folder, environment, log));
        try {
            client.awaitReady();
            return client;
        } catch (KernelLost | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private KernelClient(KernelProcess process) {
        this.process = process;
        Connection connection = process.connection();
        wire = new Wire(connection);
        context.setLinger(0);
        shell = connect(SocketType.DEALER, connection.address(connection.shell()));
        control = connect(SocketType.DEALER, connection.address(connection.control()));
        iopub = connect(SocketType.SUB, connection.address(connection.iopub()));
        iopub.subscribe(ZMQ.SUBSCRIPTION_ALL);
        poller = context.createPoller(2);
        poller.register(shell, ZMQ.Poller.POLLIN);
        poller.register(iopub, ZMQ.Poller.POLLIN);
    }

    private ZMQ.Socket connect(SocketType type, String address) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setReconnectIVL(RECONNECT_MILLIS);
        socket.connect(address);
        return socket;
    }

    /** The kernel's answer to {@code kernel_info_request}. */
    JsonObject info() {
        return info;
    }

    /** Asks for kernel_info until both the answer and a broadcast have come: only then does iopub reach us. */
    private void awaitReady() throws KernelLost {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        boolean heard = false;
        Message pending = null;
        while (info == null || !heard) {
            if (System.nanoTime() > deadline) {
                throw new KernelLost("the kernel did not answer within " + START_LIMIT.toSeconds() + " s; " + process.obituary());
            }
            if (pending == null) {
                pending = Message.request(session, "kernel_info_request", new JsonObject());
                wire.send(shell, pending);
            }
            poll();
            for (Message message = receive(shell); message != null; message = receive(shell)) {
                if (message.type().equals("kernel_info_reply")) {
                    info = message.content();
                    pending = null;
                }
            }
            for (Message message = receive(iopub); message != null; message = receive(iopub)) heard = true;
        }
    }

    /**
     * Runs {@code code} and returns when the kernel is idle again and all it broadcast for this request went to {@code listener}.
     * After {@code limit} the kernel is interrupted.
     */
    Reply execute(String code, Duration limit, Consumer<Message> listener) throws KernelLost {
        Message request = Message.request(session, "execute_request", Json.object("code", code, "silent", false,
                "store_history", true, "user_expressions", new JsonObject(), "allow_stdin", false, "stop_on_error", true));
        wire.send(shell, request);
        long deadline = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        boolean idle = false;
        JsonObject reply = null;
        while (reply == null || !idle) {
            if (System.nanoTime() > deadline) {
                if (reply != null) throw new KernelLost("the kernel answered but never said that it is idle");
                if (interrupted) {
                    throw new KernelLost("the cell did not end within " + limit.toSeconds() + " s and ignored an interrupt for "
                            + INTERRUPT_GRACE.toSeconds() + " s; the kernel was ended");
                }
                interrupted = true;
                wire.send(control, Message.request(session, "interrupt_request", new JsonObject()));
                deadline = System.nanoTime() + INTERRUPT_GRACE.toNanos();
            }
            poll();
            for (int i = 0; i < MESSAGES_A_TURN; i++) {
                Message message = receive(iopub);
                if (message == null) break;
                if (!message.parentId().equals(request.id())) continue;
                if (reply != null) deadline = System.nanoTime() + IDLE_LIMIT.toNanos();
                listener.accept(message);
                idle |= message.type().equals("status") && message.content().get("execution_state").getAsString().equals("idle");
            }
            for (Message message = receive(shell); message != null; message = receive(shell)) {
                if (!message.parentId().equals(request.id())) continue;
                reply = message.content();
                deadline = System.nanoTime() + IDLE_LIMIT.toNanos();
            }
        }
        return new Reply(reply, interrupted);
    }

    /** Sends the kernel's process a signal, as the kernels want it whose spec does not ask for messages. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    /** The memory that the kernel's process and those that it started hold; Linux alone tells. */
    long residentBytes() throws IOException {
        long bytes = residentBytes(process.pid());
        for (ProcessHandle child : ProcessHandle.of(process.pid()).stream().flatMap(ProcessHandle::descendants).toList()) bytes += residentBytes(child.pid());
        return bytes;
    }

    private static long residentBytes(long pid) throws IOException {
        String line = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream().filter(text -> text.startsWith("VmRSS:")).findFirst()
                .orElseThrow(() -> new IOException("process " + pid + " has no VmRSS"));
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
    }

    /** Waits for a message or a tick. @throws KernelLost when the kernel has ended */
    private void poll() throws KernelLost {
        boolean alive = process.isAlive();
        int ready = poller.poll(TICK_MILLIS);
        if (ready == 0 && !alive) throw new KernelLost(process.obituary());
    }

    private Message receive(ZMQ.Socket socket) throws KernelLost {
        if ((socket.getEvents() & ZMQ.Poller.POLLIN) == 0) return null;
        try {
            return wire.receive(socket);
        } catch (Wire.BadMessage e) {
            throw new KernelLost("the kernel sent what is no Jupyter message: " + e.getMessage());
        }
    }

    /** Asks the kernel to end, gives it some seconds, then ends it. */
    @Override
    public void close() {
        if (process.isAlive()) wire.send(control, Message.request(session, "shutdown_request", Json.object("restart", false)));
        process.end(info == null ? 0 : EXIT_MILLIS);
        context.close();
    }
}
