package lemma.nn;

import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * Two batch normalisations in one place, for clean inputs and for adversarial ones, whose statistics differ: each has its own running statistics, scale
 * and shift. This is the one for clean inputs, {@link #adversarial()} the other; both have the parameters and the state of both, so that
 * a network built with the one and a network built with the other share everything else.
 *
 * <p>Shapes: {@code x (n, c) or (n, c, l)}; parameters and state under {@code clean} and {@code adversarial} as in {@link BatchNorm1d}.
 *
 * @param norm settings of both
 * @param branch which of them is applied
 * @see <a href="https://arxiv.org/abs/1911.09665">Xie et al. (2020), Adversarial examples improve image recognition, section 4.2</a>
 */
public record DualBatchNorm1d(BatchNorm1d norm, Branch branch) implements Module {
    /** The two kinds of inputs. */
    public enum Branch {
        CLEAN("clean"), ADVERSARIAL("adversarial");

        private final String path;

        Branch(String path) {
            this.path = path;
        }
    }

    public static DualBatchNorm1d of(int channels) {
        return of(BatchNorm1d.of(channels));
    }

    public static DualBatchNorm1d of(BatchNorm1d norm) {
        return new DualBatchNorm1d(norm, Branch.CLEAN);
    }

    /** The same norms, of which the one for adversarial inputs is applied. */
    public DualBatchNorm1d adversarial() {
        return new DualBatchNorm1d(norm, Branch.ADVERSARIAL);
    }

    @Override
    public Params params(Random random) {
        return Params.EMPTY.withChild(Branch.CLEAN.path, norm.params(random)).withChild(Branch.ADVERSARIAL.path, norm.params(random));
    }

    @Override
    public Params state() {
        return Params.EMPTY.withChild(Branch.CLEAN.path, norm.state()).withChild(Branch.ADVERSARIAL.path, norm.state());
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return at.apply(branch.path, norm, x);
    }
}
