package lemma.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import lemma.tensor.Tensor;

/** Text as one token a character (a Unicode code point), numbered in the order of their code points. For character language models. */
public final class CharTokenizer implements Tokenizer {
    private final int[] characters;
    private final Map<Integer, Integer> tokens = new HashMap<>();

    private CharTokenizer(int[] characters) {
        this.characters = characters;
        for (int i = 0; i < characters.length; i++) tokens.put(characters[i], i);
    }

    /**
     * The tokenizer that knows the characters of {@code text}.
     *
     * @throws IllegalArgumentException when the text is empty
     */
    public static CharTokenizer of(String text) {
        Objects.requireNonNull(text, "text");
        if (text.isEmpty()) throw new IllegalArgumentException("CharTokenizer: the text is empty, expected at least one character");
        return new CharTokenizer(text.codePoints().distinct().sorted().toArray());
    }

    @Override
    public int size() {
        return characters.length;
    }

    /** All characters, in the order of their tokens. */
    public String alphabet() {
        return new String(characters, 0, characters.length);
    }

    /**
     * The tokens of {@code text}, INT64 of shape (characters).
     *
     * @throws IllegalArgumentException for a character that the tokenizer does not know
     */
    @Override
    public Tensor encode(String text) {
        return Tensor.of(text.codePoints().mapToLong(this::token).toArray());
    }

    @Override
    public String decode(Tensor tokens) {
        StringBuilder text = new StringBuilder();
        for (int token : tokens.toInts()) {
            if (token < 0 || token >= characters.length) throw new IllegalArgumentException("CharTokenizer: token " + token + ", expected 0 to " + (characters.length - 1));
            text.appendCodePoint(characters[token]);
        }
        return text.toString();
    }

    /** @return equal for the same alphabet */
    @Override
    public boolean equals(Object other) {
        return other instanceof CharTokenizer o && Arrays.equals(characters, o.characters);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(characters);
    }

    @Override
    public String toString() {
        return "CharTokenizer(" + size() + " characters)";
    }

    private long token(int character) {
        Integer token = tokens.get(character);
        if (token == null) throw new IllegalArgumentException("CharTokenizer: the character '" + Character.toString(character) + "' is not in the alphabet of " + size() + " characters");
        return token;
    }
}
