package lemma.papers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The papers whose cards travel in this library.
 *
 * <pre>{@code
 * Papers.get("hestness-scaling").claim("text-power-law").measured(r2PerSeed);
 * }</pre>
 */
public final class Papers {
    private static final class Loaded {
        static final Index INDEX = Index.parse(require("index.yaml"), "papers/index.yaml");
    }

    private Papers() {}

    /** All papers, built or not. */
    public static Index index() {
        return Loaded.INDEX;
    }

    /**
     * The card of a paper.
     *
     * @throws IllegalArgumentException if no paper has this key (the message names the nearest ones), or it is not built yet
     */
    public static Paper get(String key) {
        Index.Entry entry = index().get(key);
        String name = entry.family() + "/" + key + ".md";
        String card = read(name);
        if (card == null) throw new IllegalArgumentException("paper " + key + " of the family " + entry.family() + " is in the index but not built: there is no card papers/" + name);
        return Paper.parse(key, card, "papers/" + name);
    }

    private static String require(String name) {
        String text = read(name);
        if (text == null) throw new IllegalStateException("lemma/papers/" + name + " is not on the class path: the toolkit jar is incomplete");
        return text;
    }

    private static String read(String name) {
        try (InputStream in = Papers.class.getResourceAsStream(name)) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("lemma/papers/" + name, e);
        }
    }
}
