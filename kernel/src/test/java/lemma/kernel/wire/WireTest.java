package lemma.kernel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WireTest {
    private final Wire wire = new Wire(connection("key"));

    private static Connection connection(String key) {
        return new Connection("tcp", "127.0.0.1", 1, 2, 3, 4, 5, key, Connection.HMAC_SHA256);
    }

    private static Message message() {
        return Message.request("session", "execute_request", Json.object("code", "\"<b>\u00e9\ud83d\ude00\""));
    }

    /** RFC 4231, test case 2. */
    @Test
    void signsAsTheRfcDoes() {
        List<byte[]> frames = List.of("what do ya ".getBytes(StandardCharsets.US_ASCII), "want for nothing?".getBytes(StandardCharsets.US_ASCII));
        assertThat(new Signer("hmac-sha256", "Jefe").sign(frames))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    @Test
    void decodesWhatItEncoded() throws Wire.BadMessage {
        Message sent = message();
        Message back = wire.decode(wire.encode(sent));
        assertThat(back).usingRecursiveComparison().isEqualTo(sent);
    }

    @Test
    void rejectsAChangedContent() {
        List<byte[]> frames = wire.encode(message());
        frames.set(5, "{\"code\":\"System.exit(1)\"}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> wire.decode(frames)).isInstanceOf(Wire.BadMessage.class).hasMessage("wrong signature");
    }

    @Test
    void rejectsAnotherKey() {
        List<byte[]> frames = new Wire(connection("other")).encode(message());
        assertThatThrownBy(() -> wire.decode(frames)).isInstanceOf(Wire.BadMessage.class).hasMessage("wrong signature");
    }

    @Test
    void rejectsFramesThatAreNoMessage() {
        assertThatThrownBy(() -> wire.decode(List.of(new byte[3]))).isInstanceOf(Wire.BadMessage.class).hasMessageContaining("<IDS|MSG>");
        List<byte[]> cut = new ArrayList<>(wire.encode(message()).subList(0, 3));
        assertThatThrownBy(() -> wire.decode(cut)).isInstanceOf(Wire.BadMessage.class).hasMessageContaining("3 frames");
    }

    @Test
    void anEmptyKeySignsNothing() throws Wire.BadMessage {
        Wire open = new Wire(connection(""));
        List<byte[]> frames = open.encode(message());
        assertThat(frames.get(1)).isEmpty();
        assertThat(open.decode(frames).type()).isEqualTo("execute_request");
    }

    @Test
    void anUnknownSchemeIsNamed() {
        assertThatThrownBy(() -> new Signer("rot13", "k")).hasMessageContaining("rot13");
        assertThatThrownBy(() -> new Signer("hmac-rot13", "k")).hasMessageContaining("ROT13");
    }

    @Test
    void jsonHasNoNaN() {
        assertThat(Json.text(Json.of(Map.of("a", new double[] {1.5, Double.NaN})))).isEqualTo("{\"a\":[1.5,null]}");
        assertThat(Json.text(Json.of(new byte[] {1, 2, 3}))).isEqualTo("\"AQID\"");
    }
}
