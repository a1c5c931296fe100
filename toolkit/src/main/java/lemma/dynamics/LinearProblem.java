package lemma.dynamics;

import java.util.List;
import java.util.Locale;
import lemma.tensor.Tensor;

/**
 * Linear learning of labels +1 and -1, a convex problem: the mean over examples of {@code loss(x w, y)}. Many weight vectors are the columns of one matrix,
 * so that many runs cost one matrix product a step.
 *
 * @param name for tables
 * @param x (n, d); append a column of ones for an intercept
 * @param y (n, 1), +1 or -1
 * @param loss what a score costs
 */
public record LinearProblem(String name, Tensor x, Tensor y, Loss loss) {
    /** The three losses. */
    public enum Loss {
        /** {@code log(1 + exp(-y s))}. */
        LOGISTIC {
            @Override
            Tensor of(Tensor score, Tensor y) {
                return score.mul(y).neg().softplus();
            }
        },
        /** {@code max(0, 1 - y s)}. */
        HINGE {
            @Override
            Tensor of(Tensor score, Tensor y) {
                return score.mul(y).rsub(1).relu();
            }
        },
        /** {@code |s - y|}. */
        ABSOLUTE {
            @Override
            Tensor of(Tensor score, Tensor y) {
                return score.sub(y).abs();
            }
        };

        abstract Tensor of(Tensor score, Tensor y);
    }

    public LinearProblem {
        if (x.rank() != 2 || y.rank() != 2 || y.dim(1) != 1 || y.dim(0) != x.dim(0)) throw new IllegalArgumentException("LinearProblem: x is " + x.shape() + ", y " + y.shape() + ", expected (n, d) and (n, 1)");
        if (y.square().ne(1).any().item() != 0) throw new IllegalArgumentException("LinearProblem: a label of " + name + " is neither 1 nor -1");
    }

    /** One class against the rest, with a last column of ones. */
    public static LinearProblem oneAgainstRest(String name, Tensor x, Tensor labels, int positive, Loss loss) {
        Tensor ones = x.narrow(1, 0, 1).onesLike();
        Tensor y = Tensor.where(labels.eq(positive), Tensor.scalar(1), Tensor.scalar(-1)).unsqueeze(1);
        return new LinearProblem(name, Tensor.concat(List.of(x, ones), 1), y, loss);
    }

    /** The mean losses (k) of weights (d, k) over all examples. */
    public Tensor losses(Tensor w) {
        return loss.of(x.matmul(w), y).mean(0);
    }

    /** The mean losses (k) of weights (d, k) over the examples {@code rows}. */
    public Tensor losses(Tensor w, Tensor rows) {
        return loss.of(x.indexSelect(0, rows).matmul(w), y.indexSelect(0, rows)).mean(0);
    }

    @Override
    public String toString() {
        return name + ", " + loss.name().toLowerCase(Locale.ROOT);
    }
}
