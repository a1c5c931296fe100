package lemma.loss;

import java.util.List;
import java.util.function.UnaryOperator;
import lemma.tensor.Tensor;

/**
 * What transformed copies of an input say of a classifier's first choices: the softmax of each copy at the classes that come first for the input itself.
 * Copies that disagree tell a calibrator that the prediction is doubtful.
 *
 * <p>Shapes: inputs {@code (n, ...) -> (n, copies * top)}.
 *
 * @param scorer inputs to logits (n, classes)
 * @param top how many classes, in the order of their scores
 * @param transforms each makes a copy of all inputs
 * @see <a href="https://arxiv.org/abs/2404.13016">Liu et al. (2024), Optimizing calibration by gaining aware of prediction correctness, section 4</a>
 */
public record TransformedScores(UnaryOperator<Tensor> scorer, int top, List<UnaryOperator<Tensor>> transforms) {
    public TransformedScores {
        transforms = List.copyOf(transforms);
        if (top < 1 || transforms.isEmpty()) throw new IllegalArgumentException("TransformedScores: " + top + " classes of " + transforms.size() + " copies; expected at least 1");
    }

    /** The features of these inputs. */
    public Tensor apply(Tensor x) {
        Tensor logits = scorer.apply(x);
        if (logits.rank() != 2 || logits.dim(1) < top) throw new IllegalArgumentException("TransformedScores: logits are " + logits.shape() + ", expected (n, at least " + top + " classes)");
        Tensor first = logits.topk(top, 1).indices();
        return Tensor.concat(transforms.stream().map(t -> scorer.apply(t.apply(x)).softmax(-1).gather(1, first)).toList(), 1);
    }
}
