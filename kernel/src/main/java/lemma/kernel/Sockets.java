package lemma.kernel;

import java.util.List;
import java.util.function.Consumer;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import zmq.ZError;

/** How this kernel opens its sockets and ends the threads that own them. */
final class Sockets {
    private static final long MAX_FRAME_BYTES = 256L << 20;
    private static final int LINGER_MILLIS = 1_000;

    private Sockets() {}

    /** Where sockets live; a thread of its own that dies ends the kernel. */
    static ZMQ.Context context() {
        ZMQ.Context context = ZMQ.context(1);
        context.setUncaughtExceptionHandler(Sockets::end);
        return context;
    }

    /**
     * A socket bound to {@code address} that drops nothing it sends, and that takes no single frame so large that it would fill
     * the heap: a peer that sends one is cut off.
     *
     * @throws IllegalStateException when the address is taken
     */
    static ZMQ.Socket bind(ZMQ.Context context, SocketType type, String address) {
        ZMQ.Socket socket = context.socket(type);
        socket.setSndHWM(0);
        socket.setMaxMsgSize(Math.min(MAX_FRAME_BYTES, Runtime.getRuntime().maxMemory() / 8));
        socket.setLinger(LINGER_MILLIS);
        try {
            socket.bind(address);
            return socket;
        } catch (ZMQException e) {
            throw new IllegalStateException("cannot listen on " + address + ": " + e.getMessage()
                    + "; another process holds the port, start the kernel again with a new connection file", e);
        }
    }

    /** A socket that drops nothing it sends, connected to {@code address}. */
    static ZMQ.Socket connect(ZMQ.Context context, SocketType type, String address) {
        ZMQ.Socket socket = context.socket(type);
        socket.setSndHWM(0);
        socket.setLinger(LINGER_MILLIS);
        socket.connect(address);
        return socket;
    }

    /** Sends {@code frames} as one message, all of them even while a cell fills the heap. */
    static void send(ZMQ.Socket socket, List<byte[]> frames) {
        for (int i = 0; i < frames.size(); i++) {
            byte[] frame = frames.get(i);
            int flags = i < frames.size() - 1 ? ZMQ.SNDMORE : 0;
            HeapReserve.insist(() -> socket.send(frame, flags));
        }
    }

    /** A thread that runs {@code loop} on {@code socket} until it returns or the context ends, then closes the socket. */
    static Thread serve(String name, ZMQ.Socket socket, Consumer<ZMQ.Socket> loop) {
        return Thread.ofPlatform().name(name).daemon().uncaughtExceptionHandler(Sockets::end).start(() -> serve(socket, loop));
    }

    private static void serve(ZMQ.Socket socket, Consumer<ZMQ.Socket> loop) {
        try (socket) {
            loop.accept(socket);
        } catch (ZMQException e) {
            if (e.getErrorCode() != ZError.ETERM) throw e;
        }
    }

    /** A kernel with a dead channel looks busy for ever: ended at once, Jupyter says so and starts another. */
    private static void end(Thread thread, Throwable cause) {
        try {
            Log.error("the thread " + thread.getName() + " died, which ends the kernel", cause);
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }
}
