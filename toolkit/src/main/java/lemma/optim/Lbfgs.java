package lemma.optim;

import java.util.Arrays;
import java.util.function.Function;
import lemma.autodiff.Autodiff;
import lemma.nn.Params;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * Limited-memory BFGS for smooth functions of a few to a few thousand doubles, with analytic gradients: the direction comes from
 * the two-loop recursion over the last {@code history} pairs {@code s = x' - x}, {@code y = g' - g}, the step from a line search
 * that enforces the strong Wolfe conditions
 * {@code f(x + t d) <= f(x) + c1 t g.d} and {@code |g(x + t d).d| <= c2 |g.d|}, with {@code c1 = 1e-4}, {@code c2 = 0.9}.
 *
 * <p>Use it for fitting laws and small models to high precision; train networks with the tensor optimisers. A point where the
 * function is not finite is stepped back from. Once the promised decrease drowns in rounding, the slope alone decides (the
 * approximate Wolfe condition), so gradients shrink further than function values can show. After the start nothing is allocated.
 *
 * @see <a href="https://doi.org/10.1007/978-0-387-40065-5">Nocedal, Wright (2006), Numerical Optimization, algorithms 3.5, 3.6 and 7.4</a>
 * @see <a href="https://doi.org/10.1137/030601880">Hager, Zhang (2005), approximate Wolfe condition, eq. 4.1</a>
 */
public final class Lbfgs {
    private static final double C1 = 1e-4;
    private static final double C2 = 0.9;
    private static final double ROUNDING = 1e-14;
    private static final int EXPANSIONS = 30;
    private static final int ZOOMS = 40;
    private static final int STALLS = 5;

    /** A differentiable function of a vector. */
    @FunctionalInterface
    public interface Objective {
        /** Returns {@code f(x)} and writes its gradient, of the length of {@code x}, into {@code gradient}. */
        double valueAndGradient(double[] x, double[] gradient);
    }

    /** Why the iteration ended. */
    public enum Status {
        /** The largest component of the gradient is at most {@code gradientTolerance}. */
        GRADIENT_SMALL,
        /** The value no longer falls by more than {@code valueTolerance} of itself. */
        VALUE_STALLED,
        /** No step along the direction lowers the value, not even along the negative gradient. */
        LINE_SEARCH_STUCK,
        /** {@code maxIterations} were used up. */
        ITERATION_LIMIT,
        /** The function or its gradient is not finite at the start. */
        NOT_FINITE_AT_START
    }

    /**
     * @param history number of pairs kept, 3 to 20 in practice
     * @param maxIterations limit on iterations
     * @param gradientTolerance stop when {@code max_i |g_i|} is at most this
     * @param valueTolerance stop when, five times in a row, the value falls by at most this fraction of itself
     */
    public record Options(int history, int maxIterations, double gradientTolerance, double valueTolerance) {
        /** History 10, 1000 iterations, gradient to 1e-10, value to the last digits. */
        public static final Options DEFAULT = new Options(10, 1000, 1e-10, 1e-15);

        public Options {
            if (history < 1) throw new IllegalArgumentException("Lbfgs: history is " + history + ", expected at least 1");
            if (maxIterations < 0) throw new IllegalArgumentException("Lbfgs: maxIterations is " + maxIterations + ", expected at least 0");
            if (!(gradientTolerance >= 0)) throw new IllegalArgumentException("Lbfgs: gradientTolerance is " + gradientTolerance + ", expected at least 0");
            if (!(valueTolerance >= 0)) throw new IllegalArgumentException("Lbfgs: valueTolerance is " + valueTolerance + ", expected at least 0");
        }

        public Options withHistory(int pairs) {
            return new Options(pairs, maxIterations, gradientTolerance, valueTolerance);
        }

        public Options withMaxIterations(int iterations) {
            return new Options(history, iterations, gradientTolerance, valueTolerance);
        }

        public Options withGradientTolerance(double tolerance) {
            return new Options(history, maxIterations, tolerance, valueTolerance);
        }

        public Options withValueTolerance(double tolerance) {
            return new Options(history, maxIterations, gradientTolerance, tolerance);
        }
    }

    /**
     * @param x the last point
     * @param value the function there
     * @param gradientNorm largest absolute component of the gradient there
     * @param iterations directions taken
     * @param evaluations calls of the objective
     * @param status why it ended
     */
    public record Result(double[] x, double value, double gradientNorm, int iterations, int evaluations, Status status) {
        /** Whether the end is a stationary point to the tolerances asked for. */
        public boolean converged() {
            return status == Status.GRADIENT_SMALL || status == Status.VALUE_STALLED;
        }

        @Override
        public String toString() {
            return "Lbfgs: f = %.10g, max |g| = %.2g after %d iterations, %d evaluations: %s%nx = %s"
                    .formatted(value, gradientNorm, iterations, evaluations, status, Arrays.toString(x));
        }
    }

    private final Objective objective;
    private final Options options;
    private final int n;
    private final double[] direction;
    private final double[][] s;
    private final double[][] y;
    private final double[] rho;
    private final double[] weight;
    private double[] x;
    private double[] gradient;
    private double[] trial;
    private double[] trialGradient;
    private double value;
    private double slope;
    private double trialValue;
    private double trialSlope;
    private int pairs;
    private int newest = -1;
    private int evaluations;

    private Lbfgs(Objective objective, double[] start, Options options) {
        this.objective = objective;
        this.options = options;
        this.n = start.length;
        x = start.clone();
        trial = new double[n];
        gradient = new double[n];
        trialGradient = new double[n];
        direction = new double[n];
        s = new double[options.history()][n];
        y = new double[options.history()][n];
        rho = new double[options.history()];
        weight = new double[options.history()];
    }

    /** Minimises with {@link Options#DEFAULT}. */
    public static Result minimize(Objective objective, double[] start) {
        return minimize(objective, start, Options.DEFAULT);
    }

    /**
     * Finds a local minimum from {@code start}, which stays as it is.
     *
     * @throws IllegalArgumentException if {@code start} is empty or holds NaN or an infinity
     */
    public static Result minimize(Objective objective, double[] start, Options options) {
        if (start.length == 0) throw new IllegalArgumentException("Lbfgs: the start is empty, expected at least one coordinate");
        for (int i = 0; i < start.length; i++) {
            if (!Double.isFinite(start[i])) throw new IllegalArgumentException("Lbfgs: start[" + i + "] is " + start[i] + ", expected a finite number");
        }
        return new Lbfgs(objective, start, options).run();
    }

    /**
     * @param params the last point
     * @param value the function there
     * @param gradientNorm largest absolute component of the gradient there
     * @param iterations directions taken
     * @param evaluations calls of the function
     * @param status why it ended
     */
    public record ParamsResult(Params params, double value, double gradientNorm, int iterations, int evaluations, Status status) {
        /** Whether the end is a stationary point to the tolerances asked for. */
        public boolean converged() {
            return status == Status.GRADIENT_SMALL || status == Status.VALUE_STALLED;
        }
    }

    /** Minimises a scalar function of parameters, such as the loss of a small network on all its data, with {@link Options#DEFAULT}. */
    public static ParamsResult minimize(Function<Params, Tensor> f, Params start) {
        return minimize(f, start, Options.DEFAULT);
    }

    /**
     * Finds a local minimum of a scalar function of parameters from {@code start}. The function must be deterministic: all data, no dropout.
     * Directions are kept in doubles; FLOAT64 parameters reach the tolerances of {@link Options#DEFAULT}, FLOAT32 ones end stalled.
     *
     * @throws IllegalArgumentException if {@code start} has no elements or holds NaN or an infinity
     */
    public static ParamsResult minimize(Function<Params, Tensor> f, Params start, Options options) {
        Objective objective = (x, gradient) -> Scope.run(() -> {
            var vg = Autodiff.valueAndGrad(f, unflatten(x, start));
            flatten(vg.grad(), gradient);
            return vg.value().item();
        });
        double[] from = new double[Math.toIntExact(start.count())];
        flatten(start, from);
        Result r = minimize(objective, from, options);
        return new ParamsResult(unflatten(r.x(), start), r.value(), r.gradientNorm(), r.iterations(), r.evaluations(), r.status());
    }

    private static void flatten(Params params, double[] into) {
        int at = 0;
        for (Tensor t : params.tensors()) {
            double[] x = t.toDoubles();
            System.arraycopy(x, 0, into, at, x.length);
            at += x.length;
        }
    }

    private static Params unflatten(double[] x, Params like) {
        int[] at = {0};
        return like.map(t -> {
            int from = at[0];
            at[0] += Math.toIntExact(t.size());
            return Tensor.of(Arrays.copyOfRange(x, from, at[0])).reshape(t.shape()).to(t.dtype()).to(t.backend());
        });
    }

    private Result run() {
        value = objective.valueAndGradient(x, gradient);
        evaluations = 1;
        if (!Double.isFinite(value) || !Double.isFinite(maxAbs(gradient))) return result(0, Status.NOT_FINITE_AT_START);
        int stalls = 0;
        for (int iteration = 0; ; iteration++) {
            if (maxAbs(gradient) <= options.gradientTolerance()) return result(iteration, Status.GRADIENT_SMALL);
            if (stalls == STALLS) return result(iteration, Status.VALUE_STALLED);
            if (iteration == options.maxIterations()) return result(iteration, Status.ITERATION_LIMIT);
            double before = value;
            if (!step()) return result(iteration, Status.LINE_SEARCH_STUCK);
            stalls = before - value <= options.valueTolerance() * Math.abs(before) ? stalls + 1 : 0;
        }
    }

    /** One step along the quasi-Newton direction or, where that fails, along the negative gradient. */
    private boolean step() {
        chooseDirection();
        boolean found = slope < 0 && lineSearch(pairs == 0 ? firstStep() : 1);
        if (!found && pairs > 0) {
            pairs = 0;
            chooseDirection();
            found = slope < 0 && lineSearch(firstStep());
        }
        if (found) move();
        return found;
    }

    private double firstStep() {
        return Math.min(1, 1 / maxAbs(gradient));
    }

    /** Two-loop recursion: {@code direction = -H gradient}. */
    private void chooseDirection() {
        for (int i = 0; i < n; i++) direction[i] = -gradient[i];
        int capacity = options.history();
        for (int k = 0; k < pairs; k++) {
            int j = Math.floorMod(newest - k, capacity);
            weight[j] = rho[j] * dot(s[j], direction);
            axpy(-weight[j], y[j], direction);
        }
        if (pairs > 0) {
            double scale = 1 / (rho[newest] * dot(y[newest], y[newest]));
            for (int i = 0; i < n; i++) direction[i] *= scale;
        }
        for (int k = pairs - 1; k >= 0; k--) {
            int j = Math.floorMod(newest - k, capacity);
            axpy(weight[j] - rho[j] * dot(y[j], direction), s[j], direction);
        }
        slope = dot(gradient, direction);
    }

    /** Makes the trial point the current one and remembers the pair. */
    private void move() {
        int slot = (newest + 1) % options.history();
        for (int i = 0; i < n; i++) {
            s[slot][i] = trial[i] - x[i];
            y[slot][i] = trialGradient[i] - gradient[i];
        }
        double curvature = dot(s[slot], y[slot]);
        if (curvature > Double.MIN_NORMAL) {
            rho[slot] = 1 / curvature;
            newest = slot;
            pairs = Math.min(pairs + 1, options.history());
        }
        double[] swap = x;
        x = trial;
        trial = swap;
        swap = gradient;
        gradient = trialGradient;
        trialGradient = swap;
        value = trialValue;
    }

    private void evaluate(double t) {
        for (int i = 0; i < n; i++) trial[i] = x[i] + t * direction[i];
        trialValue = objective.valueAndGradient(trial, trialGradient);
        trialSlope = dot(trialGradient, direction);
        evaluations++;
        if (!Double.isFinite(trialValue) || !Double.isFinite(trialSlope)) trialValue = Double.POSITIVE_INFINITY;
    }

    private boolean decreases(double t) {
        double promised = C1 * t * slope;
        if (trialValue <= value + promised) return true;
        return -promised < ROUNDING * Math.abs(value) && trialValue <= value + 10 * ROUNDING * Math.abs(value);
    }

    private boolean satisfiesWolfe(double t) {
        return decreases(t) && Math.abs(trialSlope) <= -C2 * slope;
    }

    /** Brackets an acceptable step, then narrows it down. Leaves the accepted point in {@code trial}. */
    private boolean lineSearch(double first) {
        double last = 0;
        double lastValue = value;
        double lastSlope = slope;
        double t = first;
        for (int i = 0; i < EXPANSIONS; i++) {
            evaluate(t);
            if (satisfiesWolfe(t)) return true;
            if (!decreases(t) || (i > 0 && trialValue >= lastValue)) return zoom(last, lastValue, lastSlope, t, trialValue, trialSlope);
            if (trialSlope >= 0) return zoom(t, trialValue, trialSlope, last, lastValue, lastSlope);
            double next = cubicMinimum(last, lastValue, lastSlope, t, trialValue, trialSlope);
            double least = t + 2 * (t - last);
            double most = t + 10 * (t - last);
            last = t;
            lastValue = trialValue;
            lastSlope = trialSlope;
            t = next >= least && next <= most ? next : next > most ? most : least;
        }
        return trialValue < value; // the function falls along the whole ray that was tried: take the last point
    }

    /** Narrows the bracket between {@code low}, the best step so far, and {@code high}. */
    private boolean zoom(double low, double lowValue, double lowSlope, double high, double highValue, double highSlope) {
        for (int i = 0; i < ZOOMS; i++) {
            double width = high - low;
            if (Math.abs(width) <= 1e-16 * Math.max(Math.abs(low), Math.abs(high))) break;
            double t = Double.isFinite(highValue) ? cubicMinimum(low, lowValue, lowSlope, high, highValue, highSlope) : Double.NaN;
            double fraction = (t - low) / width;
            if (!(fraction >= 0.1 && fraction <= 0.9)) t = low + (fraction < 0.1 ? 0.1 : fraction > 0.9 ? 0.9 : 0.5) * width;
            evaluate(t);
            if (satisfiesWolfe(t)) return true;
            if (!decreases(t) || trialValue >= lowValue) {
                high = t;
                highValue = trialValue;
                highSlope = trialSlope;
                continue;
            }
            if (trialSlope * width >= 0) {
                high = low;
                highValue = lowValue;
                highSlope = lowSlope;
            }
            low = t;
            lowValue = trialValue;
            lowSlope = trialSlope;
        }
        if (!(lowValue < value)) return false;
        evaluate(low);
        return true;
    }

    /** Minimiser of the cubic through two values and slopes; NaN when it has none. */
    private static double cubicMinimum(double a, double fa, double da, double b, double fb, double db) {
        double d1 = da + db - 3 * (fa - fb) / (a - b);
        double d2 = Math.copySign(Math.sqrt(d1 * d1 - da * db), b - a);
        return b - (b - a) * (db + d2 - d1) / (db - da + 2 * d2);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static void axpy(double scale, double[] from, double[] to) {
        for (int i = 0; i < to.length; i++) to[i] += scale * from[i];
    }

    private static double maxAbs(double[] v) {
        double max = 0;
        for (double e : v) max = Math.max(max, Math.abs(e));
        return max;
    }

    private Result result(int iterations, Status status) {
        return new Result(x.clone(), value, maxAbs(gradient), iterations, evaluations, status);
    }
}
