package lemma.data;

import lemma.tensor.Tensor;

/** Text as a sequence of integers, and back. */
public interface Tokenizer {
    /** Number of different tokens, which are 0 to size - 1. */
    int size();

    /** The tokens of {@code text}, INT64 of shape (tokens). */
    Tensor encode(String text);

    /** The text of {@code tokens}, read row by row. */
    String decode(Tensor tokens);
}
