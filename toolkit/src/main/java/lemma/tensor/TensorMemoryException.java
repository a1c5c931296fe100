package lemma.tensor;

/** No room for a tensor within the byte budget; the message names the largest live tensors. */
public final class TensorMemoryException extends RuntimeException {
    TensorMemoryException(String message) {
        super(message);
    }
}
