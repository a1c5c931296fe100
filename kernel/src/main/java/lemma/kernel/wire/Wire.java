package lemma.kernel.wire;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zeromq.ZMQ;

/**
 * Messages as ZeroMQ frames: {@code identities..., <IDS|MSG>, signature, header, parent, metadata, content, buffers...}; the
 * signature covers the four JSON frames. Threads may share one, but a socket belongs to one thread at a time.
 *
 * @see <a href="https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol">Jupyter, the wire protocol</a>
 */
public final class Wire {
    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
    private static final int JSON_FRAMES = 4;

    private final Signer signer;

    public Wire(Connection connection) {
        signer = new Signer(connection.scheme(), connection.key());
    }

    /** What a peer sent that is no message of ours: not framed, wrongly signed or not JSON. */
    public static final class BadMessage extends Exception {
        private static final long serialVersionUID = 1L;

        BadMessage(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The frames of {@code message}. */
    public List<byte[]> encode(Message message) {
        List<byte[]> json = new ArrayList<>(JSON_FRAMES);
        for (JsonObject part : List.of(message.header(), message.parent(), message.metadata(), message.content())) {
            json.add(Json.text(part).getBytes(StandardCharsets.UTF_8));
        }
        List<byte[]> frames = new ArrayList<>(message.identities());
        frames.add(DELIMITER);
        frames.add(signer.sign(json).getBytes(StandardCharsets.US_ASCII));
        frames.addAll(json);
        frames.addAll(message.buffers());
        return frames;
    }

    /** The message that {@code frames} carry. @throws BadMessage when they carry none or the signature is wrong */
    public Message decode(List<byte[]> frames) throws BadMessage {
        int delimiter = delimiter(frames);
        int start = delimiter + 2;
        if (frames.size() < start + JSON_FRAMES) {
            throw new BadMessage("message of " + frames.size() + " frames, at least " + (start + JSON_FRAMES) + " expected", null);
        }
        List<byte[]> json = frames.subList(start, start + JSON_FRAMES);
        if (!signer.verifies(frames.get(delimiter + 1), json)) throw new BadMessage("wrong signature", null);
        return new Message(List.copyOf(frames.subList(0, delimiter)), parse(json.get(0)), parse(json.get(1)), parse(json.get(2)),
                parse(json.get(3)), List.copyOf(frames.subList(start + JSON_FRAMES, frames.size())));
    }

    private static int delimiter(List<byte[]> frames) throws BadMessage {
        for (int i = 0; i < frames.size(); i++) {
            if (Arrays.equals(frames.get(i), DELIMITER)) return i;
        }
        throw new BadMessage("no <IDS|MSG> among " + frames.size() + " frames", null);
    }

    private static JsonObject parse(byte[] frame) throws BadMessage {
        String text = new String(frame, StandardCharsets.UTF_8);
        try {
            return JsonParser.parseString(text).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            throw new BadMessage("not a JSON object: " + text.substring(0, Math.min(80, text.length())), e);
        }
    }

    /** Sends {@code message}; blocks while the socket cannot take it. */
    public void send(ZMQ.Socket socket, Message message) {
        List<byte[]> frames = encode(message);
        for (int i = 0; i < frames.size(); i++) socket.send(frames.get(i), i < frames.size() - 1 ? ZMQ.SNDMORE : 0);
    }

    /** Receives one message, or null when the socket's receive time-out passed. @throws BadMessage when what came is none */
    public Message receive(ZMQ.Socket socket) throws BadMessage {
        List<byte[]> frames = new ArrayList<>();
        byte[] frame = socket.recv(0);
        if (frame == null) return null;
        frames.add(frame);
        while (socket.hasReceiveMore()) frames.add(socket.recv(0));
        return decode(frames);
    }
}
