package lemma.kernel;

import com.google.gson.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;
import lemma.kernel.wire.Wire;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * The iopub channel: one queue, one thread that owns the socket, so that nothing is lost or overtaken and a thread that is
 * interrupted never touches a socket. Text of one stream is joined until 8 kB or 50 ms have passed or something else is sent.
 */
final class Publisher implements AutoCloseable {
    private static final int JOIN_BYTES = 8 * 1024;
    private static final long JOIN_NANOS = 50_000_000;
    private static final long DRAIN_MILLIS = 5_000;

    private final Wire wire;
    private final String session;
    private final Deque<Message> queue = new ArrayDeque<>();
    private final Thread thread;
    private final Utf8Joiner out = new Utf8Joiner("stdout");
    private final Utf8Joiner err = new Utf8Joiner("stderr");
    private Utf8Joiner open;
    private long openSince;
    private boolean closing;
    private Message parent;

    Publisher(ZMQ.Context context, String address, Wire wire, String session) {
        this.wire = wire;
        this.session = session;
        parent = Message.request(session, "starting", new JsonObject());
        ZMQ.Socket socket = Sockets.bind(context, SocketType.PUB, address);
        thread = Thread.ofPlatform().name("iopub").daemon().start(() -> Sockets.serve(socket, this::drain));
    }

    /** The request that what follows, printed text included, answers. */
    synchronized void answering(Message request) {
        closeText();
        parent = request;
    }

    /** Publishes {@code content} as an effect of the request being answered. */
    synchronized void send(String type, JsonObject content) {
        closeText();
        enqueue(parent.broadcast(session, type, content));
    }

    /** Publishes {@code content} as an effect of {@code request}, which need not be the one being answered. */
    synchronized void send(Message request, String type, JsonObject content) {
        closeText();
        enqueue(request.broadcast(session, type, content));
    }

    synchronized void stdout(byte[] bytes, int from, int count) {
        text(out, bytes, from, count);
    }

    synchronized void stderr(byte[] bytes, int from, int count) {
        text(err, bytes, from, count);
    }

    private void text(Utf8Joiner stream, byte[] bytes, int from, int count) {
        if (open != stream) closeText();
        stream.add(bytes, from, count);
        if (open == null) {
            open = stream;
            openSince = System.nanoTime();
            notifyAll();
        }
        if (stream.size() >= JOIN_BYTES) closeText();
    }

    private void closeText() {
        if (open == null) return;
        String text = open.take();
        if (!text.isEmpty()) enqueue(parent.broadcast(session, "stream", Json.object("name", open.name(), "text", text)));
        open = null;
    }

    private void enqueue(Message message) {
        queue.add(message);
        notifyAll();
    }

    private void drain(ZMQ.Socket socket) {
        for (Message next = next(); next != null; next = next()) {
            try {
                wire.send(socket, next);
            } catch (OutOfMemoryError e) { // a cell filled the heap: this message is lost, the channel is not
                Log.warn("iopub, message lost", e);
            }
        }
    }

    private synchronized Message next() {
        while (queue.isEmpty() && !closing) {
            long left = JOIN_NANOS - (System.nanoTime() - openSince);
            if (open != null && left <= 0) closeText();
            else pause(open == null ? 0 : Math.max(1, left / 1_000_000));
        }
        if (queue.isEmpty()) closeText();
        return queue.poll();
    }

    private void pause(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException("the iopub thread belongs to the kernel and is never interrupted", e);
        }
    }

    /** Sends what is queued, then closes the channel. */
    @Override
    public void close() throws InterruptedException {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        thread.join(DRAIN_MILLIS);
    }
}
