package lemma.kernel;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;
import lemma.kernel.wire.Wire;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** {@link System#in}: each line that code reads is asked from the client over the stdin channel. */
final class Console extends InputStream {
    private static final int POLL_MILLIS = 200;
    private static final Question END = new Question(null, new CompletableFuture<>());

    /** A line asked for; cancelled when the reader was stopped. */
    private record Question(Message request, CompletableFuture<String> answer) {}

    private final Wire wire;
    private final String session;
    private final BlockingQueue<Question> questions = new LinkedBlockingQueue<>();
    private volatile Message request;
    private byte[] line = new byte[0];
    private int next;

    Console(ZMQ.Context context, String address, Wire wire, String session) {
        this.wire = wire;
        this.session = session;
        ZMQ.Socket socket = Sockets.bind(context, SocketType.ROUTER, address);
        socket.setReceiveTimeOut(POLL_MILLIS);
        Sockets.serve("stdin", socket, this::ask);
    }

    /** The request whose client is asked from now on, or null when it gives no input. */
    void answering(Message execute) {
        request = execute;
        line = new byte[0];
        next = 0;
    }

    @Override
    public synchronized int read() throws IOException {
        if (next == line.length) ask("");
        return line[next++] & 0xFF;
    }

    @Override
    public synchronized int read(byte[] into, int from, int count) throws IOException {
        if (count == 0) return 0;
        if (next == line.length) ask("");
        int taken = Math.min(count, line.length - next);
        System.arraycopy(line, next, into, from, taken);
        next += taken;
        return taken;
    }

    @Override
    public synchronized int available() {
        return line.length - next;
    }

    /** Asks for one line, past what {@link #read()} still has of an earlier one. */
    synchronized String readLine(String prompt, boolean password) throws IOException {
        return answer(prompt, password);
    }

    private void ask(String prompt) throws IOException {
        line = (answer(prompt, false) + "\n").getBytes(StandardCharsets.UTF_8);
        next = 0;
    }

    private String answer(String prompt, boolean password) throws IOException {
        Message asker = request;
        if (asker == null) throw new IOException("this client gives no input: System.in cannot be read here");
        JsonObject content = Json.object("prompt", prompt, "password", password);
        Question question = new Question(asker.reply(session, "input_request", content), new CompletableFuture<>());
        questions.add(question);
        try {
            return question.answer.get();
        } catch (InterruptedException e) {
            question.answer.cancel(false);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while waiting for input");
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private void ask(ZMQ.Socket socket) {
        try {
            for (Question question = questions.take(); question != END; question = questions.take()) answer(socket, question);
        } catch (InterruptedException e) {
            throw new IllegalStateException("the stdin thread belongs to the kernel and is never interrupted", e);
        }
    }

    private void answer(ZMQ.Socket socket, Question question) {
        while (socket.recv(ZMQ.DONTWAIT) != null) continue; // an answer that came after its reader was stopped
        wire.send(socket, question.request);
        while (!question.answer.isDone()) {
            try {
                Message reply = wire.receive(socket);
                if (reply == null || !reply.type().equals("input_reply")) continue;
                JsonElement value = reply.content().get("value");
                question.answer.complete(value != null && value.isJsonPrimitive() ? value.getAsString() : "");
            } catch (Wire.BadMessage e) {
                Log.warn("stdin", e);
            }
        }
    }

    @Override
    public void close() {
        questions.add(END);
    }
}
