package lemma.probe;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import lemma.nn.Params;
import lemma.optim.Lbfgs;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A linear classifier on frozen features: multinomial logistic regression, {@code min 1/n sum -log softmax(W x + b)_y + lambda / 2 |W|^2}, by L-BFGS.
 * scikit-learn's LogisticRegression is the same with {@code C = 1 / (n lambda)}. Assumes independent examples; time O(n d classes) a step.
 *
 * <p>A good probe alone says little: a probe with enough features learns anything. Hold it against a control task ({@link #selectivity}) or ask
 * how few bits send the labels ({@link #descriptionLength}).
 *
 * @param weight W (classes, d)
 * @param bias b (classes)
 */
public record LinearProbe(Tensor weight, Tensor bias) implements ProbeClassifier {
    private static final Lbfgs.Options OPTIONS = Lbfgs.Options.DEFAULT.withMaxIterations(2000).withGradientTolerance(1e-8);

    /**
     * @param x (n, d), best standardised
     * @param y (n) classes in 0..classes-1
     * @param lambda weight decay, above 0
     */
    public static LinearProbe fit(Tensor x, Tensor y, int classes, double lambda) {
        if (!(lambda > 0)) throw new IllegalArgumentException("LinearProbe: lambda is " + lambda + ", expected above 0: separable classes have no minimum without it");
        Tensor z = Features.of("LinearProbe", x, 1);
        Features.classes("LinearProbe", y, x.dim(0), classes);
        Tensor labels = y.to(DType.INT64);
        Params start = Params.of("w", Tensor.zeros(classes, x.dim(1)).to(DType.FLOAT64)).with("b", Tensor.zeros(classes).to(DType.FLOAT64));
        Params end = Lbfgs.minimize((Params p) -> Functional.crossEntropy(z.matmul(p.get("w").t()).add(p.get("b")), labels).mean().add(p.get("w").square().sum().mul(lambda / 2)), start, OPTIONS).params();
        return new LinearProbe(end.get("w"), end.get("b"));
    }

    @Override
    public Tensor logits(Tensor x) {
        return Features.of("LinearProbe", x, 1).matmul(weight.t()).add(bias);
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

    /** Such probes, for {@link ProbeClassifier.Family#selectivity} and {@link ProbeClassifier.Family#descriptionLength}. */
    public static Family family(double lambda) {
        return (x, y, classes) -> fit(x, y, classes, lambda);
    }

    /** {@link ProbeClassifier.Family#selectivity} of linear probes. */
    public static double selectivity(Tensor x, Tensor y, Tensor control, int train, int classes, double lambda) {
        return family(lambda).selectivity(x, y, control, train, classes);
    }

    /** {@link ProbeClassifier.Family#descriptionLength} by linear probes, in bits. */
    public static double descriptionLength(Tensor x, Tensor y, int classes, double lambda, int... ends) {
        return family(lambda).descriptionLength(x, y, classes, ends);
    }
}
