package lemma.tensor;

/** The backend of tensors that have one value for each example of a {@link Batching}. */
interface Mapped extends Backend {
    /** The map they belong to. */
    Batching batching();

    /** Elements from one example to the next; 0 where all examples share the value. */
    long exampleStride();

    /** The backend that holds the elements. */
    Backend inner();
}
