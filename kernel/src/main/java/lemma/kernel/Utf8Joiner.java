package lemma.kernel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes of one stream on their way to text; a character whose bytes have not all come yet waits for the rest. */
final class Utf8Joiner {
    private final String name;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Utf8Joiner(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    int size() {
        return bytes.size();
    }

    void add(byte[] more, int from, int count) {
        bytes.write(more, from, count);
    }

    /** The text so far. */
    String take() {
        byte[] all = bytes.toByteArray();
        int whole = wholeCharacters(all);
        bytes.reset();
        bytes.write(all, whole, all.length - whole);
        return new String(all, 0, whole, StandardCharsets.UTF_8);
    }

    private static int wholeCharacters(byte[] all) {
        for (int back = 1; back <= Math.min(4, all.length); back++) {
            int lead = all[all.length - back];
            if ((lead & 0xC0) == 0x80) continue;
            int needs = (lead & 0x80) == 0 ? 1 : (lead & 0xE0) == 0xC0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : 4;
            return needs > back ? all.length - back : all.length;
        }
        return all.length;
    }
}
