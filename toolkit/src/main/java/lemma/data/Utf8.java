package lemma.data;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 in which a surrogate that has lost its partner is the three bytes that its number would have, where Java writes a question mark. So every Java string comes
 * back as it was.
 *
 * @see <a href="https://simonsapin.github.io/wtf-8/">The WTF-8 encoding</a>
 */
final class Utf8 {
    private Utf8() {}

    static byte[] encode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() + text.length() / 2);
        int from = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) continue;
            bytes.writeBytes(text.substring(from, i).getBytes(StandardCharsets.UTF_8));
            bytes.writeBytes(new byte[] {(byte) (0xE0 | c >> 12), (byte) (0x80 | c >> 6 & 0x3F), (byte) (0x80 | c & 0x3F)});
            from = i + 1;
        }
        bytes.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    /** Bytes that are no UTF-8 become U+FFFD. */
    static String decode(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        int from = 0;
        for (int i = 0; i + 2 < bytes.length; i++) {
            if (!isSurrogate(bytes, i)) continue;
            text.append(new String(bytes, from, i - from, StandardCharsets.UTF_8));
            text.append((char) (0xD000 | (bytes[i + 1] & 0x3F) << 6 | bytes[i + 2] & 0x3F));
            from = i + 3;
            i += 2;
        }
        return text.append(new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8)).toString();
    }

    private static boolean isSurrogate(byte[] bytes, int i) {
        return bytes[i] == (byte) 0xED && (bytes[i + 1] & 0xE0) == 0xA0 && (bytes[i + 2] & 0xC0) == 0x80;
    }
}
