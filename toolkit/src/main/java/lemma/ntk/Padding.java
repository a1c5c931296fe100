package lemma.ntk;

/** What a window meets beyond the edge. */
public enum Padding {
    /** Windows stay inside. */
    VALID,
    /** Zeros, so that the output has {@code ceil(length / stride)} positions; an odd one stands at the end. */
    SAME,
    /** As {@link #SAME}, but with what stands at the other end. */
    CIRCULAR
}
