package lemma.data;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server on the loopback address whose answers a test writes, one after the other; the last one repeats. */
final class FileServer implements AutoCloseable {
    /** Answers one request; {@code from} is the first byte that was asked for. */
    interface Answer {
        void to(HttpExchange request, int from) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Integer> asked = Collections.synchronizedList(new ArrayList<>());

    FileServer(Answer... answers) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", request -> {
            try (request) {
                int from = from(request);
                int turn;
                synchronized (asked) {
                    turn = Math.min(asked.size(), answers.length - 1);
                    asked.add(from);
                }
                answers[turn].to(request, from);
            }
        });
        server.start();
    }

    URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** The first byte each request asked for, in order. */
    List<Integer> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** Serves {@code content} as a good server does, ranges included. */
    static Answer whole(byte[] content) {
        return (request, from) -> cut(content, content.length).to(request, from);
    }

    /** Announces all of {@code content}, honours the range, and closes the connection before the byte {@code end}. */
    static Answer cut(byte[] content, int end) {
        return (request, from) -> {
            announce(request, content, from);
            request.getResponseBody().write(content, from, Math.max(0, end - from));
        };
    }

    /** Sends what comes before the byte {@code end}, then nothing for {@code millis}. */
    static Answer stall(byte[] content, int end, long millis) {
        return (request, from) -> {
            announce(request, content, from);
            request.getResponseBody().write(content, from, Math.max(0, end - from));
            request.getResponseBody().flush();
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    /** Knows no ranges: always 200 and everything. */
    static Answer rangeless(byte[] content) {
        return (request, from) -> {
            request.sendResponseHeaders(200, content.length);
            request.getResponseBody().write(content);
        };
    }

    /** Sends everything without saying how long it is. */
    static Answer chunked(byte[] content) {
        return (request, from) -> {
            request.sendResponseHeaders(200, 0);
            request.getResponseBody().write(content);
        };
    }

    static Answer status(int code) {
        return (request, from) -> request.sendResponseHeaders(code, -1);
    }

    static Answer redirect(String location) {
        return (request, from) -> {
            request.getResponseHeaders().set("Location", location);
            request.sendResponseHeaders(302, -1);
        };
    }

    static byte[] changed(byte[] content, int at) {
        byte[] other = Arrays.copyOf(content, content.length);
        other[at] ^= 1;
        return other;
    }

    private static void announce(HttpExchange request, byte[] content, int from) throws IOException {
        if (from > 0) request.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        request.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
    }

    private static int from(HttpExchange request) {
        String range = request.getRequestHeaders().getFirst("Range");
        return range == null ? 0 : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    }
}
