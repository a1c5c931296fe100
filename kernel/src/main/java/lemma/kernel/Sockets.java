package lemma.kernel;

import java.util.function.Consumer;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import zmq.ZError;

/** How this kernel opens its sockets and ends the threads that own them. */
final class Sockets {
    private static final int LINGER_MILLIS = 1_000;

    private Sockets() {}

    /** A socket without a high-water mark, bound to {@code address}. @throws IllegalStateException when the address is taken */
    static ZMQ.Socket bind(ZMQ.Context context, SocketType type, String address) {
        ZMQ.Socket socket = context.socket(type);
        socket.setHWM(0);
        socket.setLinger(LINGER_MILLIS);
        try {
            socket.bind(address);
            return socket;
        } catch (ZMQException e) {
            throw new IllegalStateException("cannot listen on " + address + ": " + e.getMessage()
                    + "; another process holds the port, start the kernel again with a new connection file", e);
        }
    }

    /** A socket without a high-water mark, connected to {@code address}. */
    static ZMQ.Socket connect(ZMQ.Context context, SocketType type, String address) {
        ZMQ.Socket socket = context.socket(type);
        socket.setHWM(0);
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
