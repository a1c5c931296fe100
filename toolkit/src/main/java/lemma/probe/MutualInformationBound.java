package lemma.probe;

import java.util.List;
import lemma.nn.Activation;
import lemma.nn.Bound;
import lemma.nn.Mlp;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.optim.Adam;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;
import lemma.train.Trainer;

/**
 * Lower bounds of the mutual information in nats from the scores {@code f(x_i, y_j)} (n, n) of a trained critic, whose diagonal holds the pairs that
 * belong together. They are bounds in expectation; a batch may lie above. They assume that the pairs are independent draws. Time and memory O(n^2) a batch of n.
 *
 * @see <a href="https://arxiv.org/abs/1905.06922">Poole, Ozair, van den Oord, Alemi, Tucker (2019), On Variational Bounds of Mutual Information</a>
 */
public final class MutualInformationBound {
    private MutualInformationBound() {}

    /** Which bound. */
    public enum Kind {
        /** {@code mean_i log(e^f_ii / mean_j e^f_ij)}: at most log n, little variance. */
        INFO_NCE,
        /** Donsker and Varadhan's {@code mean f_ii - log mean_{i != j} e^f_ij}, the value of MINE: a variance that grows exponentially with the information. */
        MINE,
        /** Nguyen, Wainwright and Jordan's {@code mean f_ii - mean_{i != j} e^(f_ij - 1)}. */
        NWJ
    }

    /** The bound of the scores, differentiable. */
    public static Tensor of(Tensor scores, Kind kind) {
        int n = scores.rank() == 2 ? scores.dim(0) : 0;
        if (n < 2 || scores.dim(1) != n) throw new IllegalArgumentException("MutualInformationBound: scores are " + scores.shape() + ", expected (n, n) with n at least 2");
        Tensor joint = scores.diagonal(0);
        if (kind == Kind.INFO_NCE) return joint.sub(scores.logsumexp(1)).mean().add(Math.log(n));
        Tensor others = scores.add(Tensor.eye(n, scores.dtype()).mul(-1e30));
        double logPairs = Math.log((double) n * (n - 1));
        Tensor logMean = others.reshape(n * n).logsumexp(0).sub(logPairs);
        return kind == Kind.MINE ? joint.mean().sub(logMean) : joint.mean().sub(logMean.sub(1).exp());
    }

    /**
     * @param hidden width of the two hidden ReLU layers of each side's encoder
     * @param embedding width of the encoders' outputs, whose products are the scores
     * @param batch examples a step
     * @param steps of Adam
     * @param rate learning rate
     */
    public record Options(int hidden, int embedding, int batch, int steps, double rate) {
        /** Hidden 64, embedding 32, batches of 128, 2000 steps, rate 1e-3. */
        public static final Options DEFAULT = new Options(64, 32, 128, 2000, 1e-3);

        public Options {
            if (hidden < 1 || embedding < 1 || batch < 2 || steps < 1 || !(rate > 0)) {
                throw new IllegalArgumentException("MutualInformationBound: hidden " + hidden + ", embedding " + embedding + ", batch " + batch + ", steps " + steps + ", rate " + rate + "; expected above 0, and a batch of at least 2");
            }
        }
    }

    /**
     * Trains a separable critic {@code g(x).h(y)} on one sample and returns the bound on another, in batches of the same size, so that what the
     * critic learned by heart does not count.
     *
     * @param x (n, d1)
     * @param y (n, d2)
     * @param testX (m, d1), m at least a batch
     * @param testY (m, d2)
     */
    public static double train(Tensor x, Tensor y, Tensor testX, Tensor testY, Kind kind, Options options, long seed) {
        Tensor pairs = pairs(x, y, options.batch());
        Tensor others = pairs(testX, testY, options.batch());
        Module critic = new Critic(encoder(x, options), encoder(y, options), x.dim(1));
        Tensor noTarget = Tensor.zeros(x.dim(0), 1);
        Model trained = Trainer.of(critic.init(Random.seed(seed)), Adam.of(options.rate())).loss((scores, none) -> of(scores, kind).neg())
                .batchSize(options.batch()).dropLast().steps(options.steps()).seed(seed).quiet().fit(pairs, noTarget).model();
        int batches = others.dim(0) / options.batch();
        double sum = 0;
        for (int i = 0; i < batches; i++) {
            int from = i * options.batch();
            sum += Scope.run(() -> of(trained.apply(others.narrow(0, from, from + options.batch())), kind).item());
        }
        return sum / batches;
    }

    private static Module encoder(Tensor x, Options o) {
        return Mlp.of(Activation.RELU, x.dim(1), o.hidden(), o.hidden(), o.embedding());
    }

    private static Tensor pairs(Tensor x, Tensor y, int batch) {
        Features.sameRows("MutualInformationBound", x, y);
        if (x.dim(0) < batch) throw new IllegalArgumentException("MutualInformationBound: " + x.dim(0) + " examples, fewer than a batch of " + batch);
        return Tensor.concat(List.of(Features.of("MutualInformationBound", x), Features.of("MutualInformationBound", y)), 1).to(DType.FLOAT32);
    }

    /** Rows {@code (x, y)} to the products of the two encoders' outputs, each x with each y. */
    private record Critic(Module g, Module h, int width) implements Module {
        @Override
        public Params params(Random random) {
            return Params.EMPTY.withChild("g", g.params(random)).withChild("h", h.params(random));
        }

        @Override
        public Tensor forward(Tensor pairs, Bound at) {
            Tensor x = g.forward(pairs.narrow(1, 0, width), at.child("g"));
            Tensor y = h.forward(pairs.narrow(1, width, pairs.dim(1)), at.child("h"));
            return x.matmul(y.t());
        }
    }
}
