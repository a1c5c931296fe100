package lemma.loss;

import lemma.tensor.Tensor;

/** A loss on inputs and on copies of them that an attack has moved. */
public interface AdversarialLoss {
    /** What the attack makes large: a scalar from the logits at moved inputs, those at the inputs (without gradient), and the labels. */
    Tensor attacked(Tensor moved, Tensor clean, Tensor labels);

    /** What training makes small: a scalar from the logits at the inputs, those at moved inputs, and the labels. */
    Tensor trained(Tensor clean, Tensor moved, Tensor labels);
}
