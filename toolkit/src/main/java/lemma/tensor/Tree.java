package lemma.tensor;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A value made of tensors, in a fixed order: parameters, a model, the state of an optimiser. Transformations and scopes look inside.
 *
 * @param <T> the type itself
 */
public interface Tree<T> {
    /** The tensors, in order. */
    List<Tensor> tensors();

    /** The same structure with every tensor replaced by {@code f} of it. */
    T map(UnaryOperator<Tensor> f);
}
