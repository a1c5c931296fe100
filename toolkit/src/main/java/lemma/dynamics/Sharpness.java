package lemma.dynamics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import lemma.autodiff.Autodiff;
import lemma.autodiff.Lanczos;
import lemma.autodiff.SymmetricOperator;
import lemma.nn.Params;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * The sharpness of a loss: the largest eigenvalue of its Hessian H, by the Lanczos process on Hessian-vector products. Gradient descent of rate
 * {@code eta} is stable where {@code eta lambda_max(H) < 2}. With a rate for each parameter, D their diagonal matrix, it is stable where
 * {@code lambda_max(D^(1/2) H D^(1/2)) < 2}.
 *
 * @see <a href="https://arxiv.org/abs/2103.00065">Cohen et al. (2021), Gradient descent on neural networks typically occurs at the edge of stability</a>
 */
public final class Sharpness {
    private final Function<Params, Tensor> loss;
    private final Map<String, Double> rates;
    private final Lanczos.Options options;

    private Sharpness(Function<Params, Tensor> loss, Map<String, Double> rates, Lanczos.Options options) {
        this.loss = loss;
        this.rates = Map.copyOf(rates);
        this.options = options;
    }

    /** Of a scalar loss; eigenpairs within a relative residual of 1e-3, which is about 1e-6 of an eigenvalue that stands alone. */
    public static Sharpness of(Function<Params, Tensor> loss) {
        return new Sharpness(loss, Map.of(), new Lanczos.Options(1e-3, 300));
    }

    /** Of {@code D^(1/2) H D^(1/2)} with the rate of every parameter, such as {@link lemma.optim.MuP#sgdFactors} times a rate. */
    public Sharpness withRates(Map<String, Double> perParameter) {
        perParameter.forEach((name, rate) -> {
            if (!(rate >= 0)) throw new IllegalArgumentException("Sharpness: the rate of " + name + " is " + rate + ", expected at least 0");
        });
        return new Sharpness(loss, perParameter, options);
    }

    /** Another precision. */
    public Sharpness withOptions(Lanczos.Options other) {
        return new Sharpness(loss, rates, other);
    }

    /** The largest eigenvalue. */
    public double at(Params params) {
        return top(params, 1).values()[0];
    }

    /** The k largest eigenvalues and their eigenvectors; the random start of the process is always the same. */
    public Lanczos.Eigen top(Params params, int k) {
        return Scope.run(() -> Lanczos.largest(operator(params), k, Random.seed(0), options));
    }

    /** The matrix whose eigenvalues these are. */
    public SymmetricOperator operator(Params params) {
        if (rates.isEmpty()) return SymmetricOperator.hessian(loss, params);
        if (!rates.keySet().equals(params.asMap().keySet())) throw new IllegalArgumentException("Sharpness: rates are of " + rates.keySet() + ", the parameters are " + params.names());
        return SymmetricOperator.of(Math.toIntExact(params.count()), v -> {
            Params scaled = rooted(SymmetricOperator.like(params, v));
            return SymmetricOperator.flat(rooted(Autodiff.hvp(loss, params, scaled)));
        });
    }

    private Params rooted(Params v) {
        return v.mapNamed((name, t) -> t.mul(Math.sqrt(rates.get(name))));
    }

    /** A record of the sharpness along a path, every so many steps. */
    public Tracker every(int steps) {
        if (steps < 1) throw new IllegalArgumentException("Sharpness: every " + steps + " steps, expected at least 1");
        return new Tracker(this, steps);
    }

    /** The sharpness along a path. */
    public static final class Tracker implements FullBatchGradientDescent.Observer {
        private final Sharpness sharpness;
        private final int every;
        private final List<Double> steps = new ArrayList<>();
        private final List<Double> values = new ArrayList<>();

        private Tracker(Sharpness sharpness, int every) {
            this.sharpness = sharpness;
            this.every = every;
        }

        @Override
        public void at(int step, Params params) {
            if (step % every != 0) return;
            values.add(sharpness.at(params));
            steps.add((double) step);
        }

        /** The steps looked at. */
        public double[] steps() {
            return steps.stream().mapToDouble(s -> s).toArray();
        }

        /** The largest eigenvalue at each of them. */
        public double[] values() {
            return values.stream().mapToDouble(v -> v).toArray();
        }
    }
}
