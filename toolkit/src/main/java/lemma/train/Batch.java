package lemma.train;

import lemma.tensor.Tensor;

/**
 * Some examples.
 *
 * @param x inputs, examples along the first axis
 * @param y targets, examples along the first axis
 */
public record Batch(Tensor x, Tensor y) {}
