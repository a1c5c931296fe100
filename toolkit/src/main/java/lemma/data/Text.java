package lemma.data;

import java.nio.charset.StandardCharsets;

/**
 * A text to train on.
 *
 * @param name short name
 * @param text the text
 * @param source where it comes from
 */
public record Text(String name, String text, Source source) {
    /** The text as UTF-8. */
    public byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Number of UTF-16 units, as {@link String#length} counts them. */
    public int length() {
        return text.length();
    }

    /** Name, title and size; not the text. */
    @Override
    public String toString() {
        return name + ": " + source.title() + ", " + length() + " characters";
    }
}
