package lemma.kernel;

import com.google.gson.JsonObject;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;
import lemma.kernel.wire.Wire;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * The iopub channel: one queue and one thread that takes from it, so that nothing is lost or overtaken and a thread that is
 * interrupted never touches a socket. Text of one stream is joined until 8 kB or 50 ms have passed or something else is sent.
 *
 * <p>A second thread owns the socket that clients subscribe to: it sends what the first made ready and rang for, and greets each new
 * subscription. Both outlive a cell that fills the heap.
 *
 * @see <a href="https://jupyter.org/enhancement-proposals/65-jupyter-xpub/jupyter-xpub.html">JEP 65, the iopub welcome message</a>
 */
final class Publisher implements AutoCloseable {
    private static final int JOIN_BYTES = 8 * 1024;
    private static final long JOIN_NANOS = 50_000_000;
    private static final long DRAIN_MILLIS = 5_000;
    private static final String BELL = "inproc://iopub";
    private static final byte[] RING = {};
    private static final long RING_MILLIS = 1_000; // longest wait of a message whose ring was lost
    private static final byte SUBSCRIBED = 1;

    private final Wire wire;
    private final String session;
    private final Deque<Message> queue = new ArrayDeque<>();
    private final Thread thread;
    private final Thread relay;
    private final Queue<List<byte[]>> ready = new ConcurrentLinkedQueue<>();
    private volatile boolean drained;
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
        ZMQ.Socket subscribers = Sockets.bind(context, SocketType.XPUB, address);
        subscribers.setXpubVerbose(true); // tells of every subscription, not only of the first to a topic
        ZMQ.Socket rung = Sockets.bind(context, SocketType.PULL, BELL);
        ZMQ.Socket bell = Sockets.connect(context, SocketType.PUSH, BELL);
        relay = Sockets.serve("iopub", subscribers, socket -> relay(context, rung, socket));
        thread = Sockets.serve("publisher", bell, this::drain);
    }

    private void relay(ZMQ.Context context, ZMQ.Socket rung, ZMQ.Socket subscribers) {
        try (rung; ZMQ.Poller poller = context.poller(2)) {
            poller.register(rung, ZMQ.Poller.POLLIN);
            poller.register(subscribers, ZMQ.Poller.POLLIN);
            boolean more = true;
            while (more) more = HeapReserve.insist(() -> serve(poller, rung, subscribers));
        }
    }

    /** Whether more may come. */
    private boolean serve(ZMQ.Poller poller, ZMQ.Socket rung, ZMQ.Socket subscribers) {
        poller.poll(RING_MILLIS);
        boolean last = drained;
        if (poller.pollin(1)) greet(subscribers);
        while (rung.recv(ZMQ.DONTWAIT) != null) continue;
        for (List<byte[]> frames = ready.peek(); frames != null; frames = ready.peek()) {
            Sockets.send(subscribers, frames);
            ready.remove();
        }
        return !last;
    }

    private void greet(ZMQ.Socket subscribers) {
        byte[] frame = subscribers.recv(ZMQ.DONTWAIT);
        if (frame == null || frame.length == 0 || frame[0] != SUBSCRIBED) return;
        byte[] topic = Arrays.copyOfRange(frame, 1, frame.length);
        ready.add(wire.encode(Message.welcome(session, topic)));
    }

    /** The request that what follows, printed text included, answers; the result is the one before. */
    synchronized Message answering(Message request) {
        closeText();
        Message before = parent;
        parent = request;
        return before;
    }

    /** Publishes {@code content} as an effect of the request being answered. */
    synchronized void send(String type, JsonObject content) {
        closeText();
        enqueue(parent.broadcast(session, type, content));
    }

    /** Publishes {@code content} with raw bytes after it, as an effect of the request being answered. */
    synchronized void send(String type, JsonObject content, List<byte[]> buffers) {
        closeText();
        enqueue(parent.broadcast(session, type, content).withBuffers(buffers));
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

    private void drain(ZMQ.Socket bell) {
        for (Message next = HeapReserve.insist(this::next); next != null; next = HeapReserve.insist(this::next)) {
            Message message = next;
            HeapReserve.insist(() -> ready.add(wire.encode(message)));
            ring(bell);
        }
        drained = true;
        ring(bell);
    }

    private static void ring(ZMQ.Socket bell) {
        HeapReserve.insist(() -> bell.send(RING, 0));
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
        relay.join(DRAIN_MILLIS);
    }
}
