package lemma.probe;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import lemma.nn.Params;
import lemma.optim.Lbfgs;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A linear classifier on frozen features: multinomial logistic regression, {@code min 1/n sum -log softmax(W x + b)_y + lambda / 2 |W|^2}, by L-BFGS.
 * scikit-learn's LogisticRegression is the same with {@code C = 1 / (n lambda)}.
 *
 * <p>A good probe alone says little: a probe with enough features learns anything. Hold it against a control task ({@link #selectivity}) or ask
 * how few bits send the labels ({@link #descriptionLength}).
 *
 * @param weight W (classes, d)
 * @param bias b (classes)
 */
public record LinearProbe(Tensor weight, Tensor bias) {
    private static final Lbfgs.Options OPTIONS = Lbfgs.Options.DEFAULT.withMaxIterations(2000).withGradientTolerance(1e-8);

    /**
     * @param x (n, d), best standardised
     * @param y (n) classes in 0..classes-1
     * @param lambda weight decay, above 0
     */
    public static LinearProbe fit(Tensor x, Tensor y, int classes, double lambda) {
        if (!(lambda > 0)) throw new IllegalArgumentException("LinearProbe: lambda is " + lambda + ", expected above 0: separable classes have no minimum without it");
        Tensor z = Features.of("LinearProbe", x, 1);
        for (int label : Features.labels("LinearProbe", y, x.dim(0), 0)) if (label >= classes) throw new IllegalArgumentException("LinearProbe: a label is " + label + ", expected 0.." + (classes - 1));
        Tensor labels = y.to(DType.INT64);
        Params start = Params.of("w", Tensor.zeros(classes, x.dim(1)).to(DType.FLOAT64)).with("b", Tensor.zeros(classes).to(DType.FLOAT64));
        Params end = Lbfgs.minimize((Params p) -> Functional.crossEntropy(z.matmul(p.get("w").t()).add(p.get("b")), labels).mean().add(p.get("w").square().sum().mul(lambda / 2)), start, OPTIONS).params();
        return new LinearProbe(end.get("w"), end.get("b"));
    }

    /** Logits (n, classes). */
    public Tensor logits(Tensor x) {
        return Features.of("LinearProbe", x, 1).matmul(weight.t()).add(bias);
    }

    /** Part of the examples that it classifies right. */
    public double accuracy(Tensor x, Tensor y) {
        return logits(x).argmax(1).eq(y.to(DType.INT64)).to(DType.FLOAT64).mean().item();
    }

    /** Mean negative log likelihood in nats. */
    public double loss(Tensor x, Tensor y) {
        return Functional.crossEntropy(logits(x), y.to(DType.INT64)).mean().item();
    }

    /**
     * Labels of a control task: each type of example (a word, say) gets a class of its own at random, drawn with the frequencies of y. What a probe reaches on them it
     * has memorised.
     *
     * @param types (n) the type of each example
     * @param y (n) the classes of the real task
     * @see <a href="https://arxiv.org/abs/1909.03368">Hewitt, Liang (2019), Designing and Interpreting Probes with Control Tasks</a>
     */
    public static Tensor controlTask(Tensor types, Tensor y, Random random) {
        if (types.rank() != 1 || y.rank() != 1 || types.dim(0) != y.dim(0)) throw new IllegalArgumentException("LinearProbe.controlTask: types are " + types.shape() + ", y " + y.shape() + ", expected (n) both");
        int[] classes = y.toInts();
        Map<Integer, Integer> drawn = new HashMap<>();
        return Tensor.of(Arrays.stream(types.toInts()).map(t -> drawn.computeIfAbsent(t, unseen -> classes[(int) (random.nextDouble() * classes.length)])).toArray());
    }

    /** Accuracy on the task less that on the control task, both fitted on the first and measured on the second part: what is in the features and not in the probe. */
    public static double selectivity(Tensor x, Tensor y, Tensor control, int train, int classes, double lambda) {
        return heldOut(x, y, train, classes, lambda) - heldOut(x, control, train, classes, lambda);
    }

    private static double heldOut(Tensor x, Tensor y, int train, int classes, double lambda) {
        return fit(x.narrow(0, 0, train), y.narrow(0, 0, train), classes, lambda).accuracy(x.narrow(0, train, x.dim(0)), y.narrow(0, train, x.dim(0)));
    }

    /**
     * The bits that send the labels to one who has the features, by the online code: the first block uniformly, each next one by the probe
     * fitted on all before.
     *
     * @param ends row numbers at which blocks end, rising, the last n; the paper takes 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.25, 12.5, 25, 50 and 100 %
     * @see <a href="https://arxiv.org/abs/2003.12298">Voita, Titov (2020), Information-Theoretic Probing with Minimum Description Length, section 2.2</a>
     */
    public static double descriptionLength(Tensor x, Tensor y, int classes, double lambda, int... ends) {
        if (ends.length == 0 || ends[0] < 1 || ends[ends.length - 1] != x.dim(0) || IntStream.range(1, ends.length).anyMatch(i -> ends[i] <= ends[i - 1])) {
            throw new IllegalArgumentException("LinearProbe.descriptionLength: blocks end at " + Arrays.toString(ends) + ", expected rising numbers up to " + x.dim(0));
        }
        double bits = ends[0] * Math.log(classes) / Math.log(2);
        for (int i = 1; i < ends.length; i++) {
            LinearProbe probe = fit(x.narrow(0, 0, ends[i - 1]), y.narrow(0, 0, ends[i - 1]), classes, lambda);
            bits += (ends[i] - ends[i - 1]) * probe.loss(x.narrow(0, ends[i - 1], ends[i]), y.narrow(0, ends[i - 1], ends[i])) / Math.log(2);
        }
        return bits;
    }
}
