package lemma.loss;

import java.util.function.BiFunction;
import lemma.tensor.Tensor;

/** A loss of predictions against targets: one number an example, and their mean, which is what a trainer takes. */
@FunctionalInterface
public interface Loss extends BiFunction<Tensor, Tensor, Tensor> {
    /** The loss of each example: predictions (n, ...) and their targets to (n). */
    Tensor each(Tensor prediction, Tensor target);

    /** The mean over the examples. */
    @Override
    default Tensor apply(Tensor prediction, Tensor target) {
        return each(prediction, target).mean();
    }
}
