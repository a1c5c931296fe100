package lemma.papers;

/** What a card expects of a claim; a run that ends otherwise, in either direction, fails. */
public enum Expect {
    REPRODUCED("reproduced"),
    NOT_REPRODUCED("not-reproduced");

    private final String text;

    Expect(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException if {@code text} is neither */
    public static Expect parse(String text) {
        for (Expect expect : values()) {
            if (expect.text.equals(text)) return expect;
        }
        throw new IllegalArgumentException("expect '" + text + "' is neither reproduced nor not-reproduced");
    }

    @Override
    public String toString() {
        return text;
    }
}
