package lemma.display;

/** A value that says how it wants to be shown: a notebook picks the richest form it knows, a terminal the plain text. */
public interface Rich {
    /** The forms of this value; {@link Bundle#TEXT} is always among them. */
    Bundle bundle();
}
