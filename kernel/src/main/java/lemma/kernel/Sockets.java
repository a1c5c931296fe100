package lemma.kernel;

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

    /** Runs {@code loop} on {@code socket} until it returns or the context ends, then closes the socket. */
    static void serve(ZMQ.Socket socket, Consumer<ZMQ.Socket> loop) {
        try (socket) {
            loop.accept(socket);
        } catch (ZMQException e) {
            if (e.getErrorCode() != ZError.ETERM) throw e;
        }
    }
}
