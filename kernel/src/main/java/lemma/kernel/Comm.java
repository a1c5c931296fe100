package lemma.kernel;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A line between a cell's code and a page's, in both directions, for figures and controls that live on after their cell: either side
 * opens it under a target's name, and both send data until one closes it.
 *
 * <pre>{@code
 * Comm figure = Comm.open("curve", Map.of("points", 100));
 * figure.onMessage(received -> redraw(received.data().get("zoom")));
 * figure.send(Map.of("loss", 0.25));
 * }</pre>
 *
 * <p>What a page sends is handled between cells, on the thread that runs them.
 *
 * @see <a href="https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages">Jupyter messaging, comms</a>
 */
public final class Comm {
    private final Comms comms;
    private final String id;
    private final String target;
    private final Map<String, Object> opening;
    private volatile Consumer<Received> messageHandler = received -> { };
    private volatile Consumer<Received> closeHandler = received -> { };

    /**
     * What the page sent.
     *
     * @param data JSON as plain values: maps, lists, strings, booleans, {@code Long} or {@code Double}, and null
     * @param buffers raw bytes sent along
     */
    public record Received(Map<String, Object> data, List<byte[]> buffers) {}

    Comm(Comms comms, String id, String target, Map<String, Object> opening) {
        this.comms = comms;
        this.id = id;
        this.target = target;
        this.opening = opening;
    }

    /**
     * Opens a line to the page's code for {@code target}.
     *
     * @param data what that code is told first: maps, collections, arrays, strings, numbers, booleans
     */
    public static Comm open(String target, Map<String, ?> data, byte[]... buffers) {
        return Notebook.comms().open(Objects.requireNonNull(target, "target"), data, List.of(buffers));
    }

    /** From now on {@code opened} takes each line that a page opens under the name {@code target}. */
    public static void register(String target, Consumer<Comm> opened) {
        Notebook.comms().register(Objects.requireNonNull(target, "target"), Objects.requireNonNull(opened, "opened"));
    }

    public String id() {
        return id;
    }

    public String target() {
        return target;
    }

    /** What the side that opened this line said first. */
    public Map<String, Object> opening() {
        return opening;
    }

    /** Whether neither side has closed it. */
    public boolean isOpen() {
        return comms.isOpen(this);
    }

    /** Sends {@code data}, and raw bytes along with it. @throws IllegalStateException when the line is closed */
    public void send(Map<String, ?> data, byte[]... buffers) {
        if (!isOpen()) throw new IllegalStateException("the comm " + target + " is closed; open another");
        comms.send(this, data, List.of(buffers));
    }

    /** Calls {@code handler} for each message of the page, in place of the handler before. */
    public Comm onMessage(Consumer<Received> handler) {
        messageHandler = Objects.requireNonNull(handler, "handler");
        return this;
    }

    /** Calls {@code handler} when the page closes the line. */
    public Comm onClose(Consumer<Received> handler) {
        closeHandler = Objects.requireNonNull(handler, "handler");
        return this;
    }

    /** Tells the page that nothing more comes; a closed line stays closed. */
    public void close() {
        comms.close(this);
    }

    void received(Received message) {
        messageHandler.accept(message);
    }

    void closed(Received message) {
        closeHandler.accept(message);
    }
}
