package lemma.scaling;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import lemma.display.Bundle;
import lemma.display.Rich;
import lemma.optim.Schedule;
import lemma.plot.Figure;

/**
 * The whole loss curve of a training run from two areas of its learning-rate schedule: {@code L(s) = L0 + A S1^-alpha - C S2}.
 *
 * <pre>{@code
 * forward area     S1(s) = sum_{i <= s} eta_i
 * annealing area   S2(s) = sum_{i <= s} m_i,   m_i = lambda m_{i-1} + (eta_{i-1} - eta_i)
 * }</pre>
 *
 * <p>Fitted on one or two curves it predicts the curve of a schedule that was never run:
 *
 * <pre>{@code
 * var fit = LrAnnealingLaw.fit(new double[] {0.9, 0.95, 0.99, 0.999}, 100, List.of(constant, cosine));
 * double[] loss = fit.predict(Schedule.wsd(1e-3, 1e-5, 3000, 4000), steps);
 * }</pre>
 *
 * <p>Steps of the warm-up count in neither area. The fit is the sum of Huber losses of the log with delta 1e-3, as in the paper; {@code C}
 * may come out as 0, never below.
 *
 * @param lambda decay of the annealing momentum, 0 to below 1; about 0.999 at the step counts of large language models
 * @param warmUp number of warm-up steps
 * @see <a href="https://arxiv.org/abs/2408.11029">Tissue, Wang, Wang (2024), Scaling Law with Learning Rate Annealing</a>
 */
public record LrAnnealingLaw(double lambda, int warmUp) implements SeparableLaw {
    /** Huber threshold of the paper, on the log of the loss. */
    public static final double HUBER_DELTA = 1e-3;

    private static final List<Parameter> PARAMETERS = List.of(Parameter.positive("L0"), Parameter.positive("A"),
            Parameter.between("alpha", 0, Double.POSITIVE_INFINITY), Parameter.between("C", 0, Double.POSITIVE_INFINITY));
    private static final double[] EXPONENTS = {0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2};

    public LrAnnealingLaw {
        if (!(lambda >= 0 && lambda < 1)) throw new IllegalArgumentException("LrAnnealingLaw: lambda is " + lambda + ", expected 0 to below 1");
        if (warmUp < 0) throw new IllegalArgumentException("LrAnnealingLaw: warm-up is " + warmUp + " steps, expected at least 0");
    }

    /** Without warm-up. */
    public static LrAnnealingLaw of(double lambda) {
        return new LrAnnealingLaw(lambda, 0);
    }

    /** The same law for runs that begin with {@code steps} steps of warm-up. */
    public LrAnnealingLaw withWarmUp(int steps) {
        return new LrAnnealingLaw(lambda, steps);
    }

    /**
     * The two areas after each of some steps.
     *
     * @param forward S1
     * @param annealing S2
     */
    public record Areas(double[] forward, double[] annealing) {}

    /**
     * The areas of a schedule after {@code steps} steps, counted from 1: step s has used the rates {@code at(0)} to {@code at(s - 1)}.
     *
     * @throws IllegalArgumentException if a step lies within the warm-up
     */
    public Areas areas(Schedule schedule, int... steps) {
        int last = Arrays.stream(steps).max().orElse(0);
        double[] forward = new double[last + 1];
        double[] annealing = new double[last + 1];
        double momentum = 0;
        for (int s = warmUp + 1; s <= last; s++) {
            double rate = schedule.at(s - 1);
            momentum = lambda * momentum + (s == warmUp + 1 ? 0 : schedule.at(s - 2) - rate);
            forward[s] = forward[s - 1] + rate;
            annealing[s] = annealing[s - 1] + momentum;
        }
        for (int s : steps) {
            if (s <= warmUp) throw new IllegalArgumentException("LrAnnealingLaw: step " + s + " lies within the warm-up of " + warmUp + " steps, expected a later one");
        }
        return new Areas(Arrays.stream(steps).mapToDouble(s -> forward[s]).toArray(), Arrays.stream(steps).mapToDouble(s -> annealing[s]).toArray());
    }

    /**
     * Losses measured along one training run.
     *
     * @param name such as {@code cosine}
     * @param schedule the learning rate of each step
     * @param steps number of steps done at each measurement
     * @param loss measured then
     */
    public record Curve(String name, Schedule schedule, int[] steps, double[] loss) {
        public Curve {
            if (steps.length != loss.length) throw new IllegalArgumentException("LrAnnealingLaw: curve " + name + " has " + steps.length + " steps and " + loss.length + " losses");
        }

        double[] positions() {
            return Arrays.stream(steps).asDoubleStream().toArray();
        }
    }

    /**
     * Fits the law with this lambda to all points of the curves.
     *
     * @throws IllegalArgumentException if the curves have no points after the warm-up or too few, a loss is not positive, or no curve anneals:
     *     a constant rate alone says nothing about C
     */
    public Fit fit(List<Curve> curves) {
        List<Areas> areas = curves.stream().map(curve -> areas(curve.schedule, curve.steps)).toList();
        double[] forward = areas.stream().flatMapToDouble(a -> DoubleStream.of(a.forward)).toArray();
        double[] annealing = areas.stream().flatMapToDouble(a -> DoubleStream.of(a.annealing)).toArray();
        double[] loss = curves.stream().flatMapToDouble(curve -> DoubleStream.of(curve.loss)).toArray();
        return new Fit(this, List.copyOf(curves), LawFitter.of(this).withHuber(HUBER_DELTA).fit(loss, forward, annealing));
    }

    /** Fits the law with each of {@code lambdas} and keeps the lowest objective. */
    public static Fit fit(double[] lambdas, int warmUp, List<Curve> curves) {
        if (lambdas.length == 0) throw new IllegalArgumentException("LrAnnealingLaw: no lambdas to choose from");
        List<Fit> fits = Arrays.stream(lambdas).mapToObj(lambda -> new LrAnnealingLaw(lambda, warmUp).fit(curves)).toList();
        Fit best = fits.getFirst();
        for (Fit fit : fits) if (fit.scalingFit.objective() < best.scalingFit.objective()) best = fit;
        return best;
    }

    /**
     * The law fitted to curves.
     *
     * @param law with the lambda used or chosen
     * @param curves what it was fitted to
     * @param scalingFit parameters L0, A, alpha, C; its bootstrap intervals take the points as independent, which those of one run hardly are
     */
    public record Fit(LrAnnealingLaw law, List<Curve> curves, ScalingFit scalingFit) implements Rich {
        public double parameter(String name) {
            return scalingFit.parameter(name);
        }

        /** The loss that a run with {@code schedule} has after each of {@code steps}. */
        public double[] predict(Schedule schedule, int... steps) {
            Areas areas = law.areas(schedule, steps);
            return IntStream.range(0, steps.length).mapToDouble(i -> scalingFit.predict(areas.forward[i], areas.annealing[i])).toArray();
        }

        /** Mean of {@code |predicted / measured - 1|} over the points of a curve. */
        public double meanRelativeError(Curve curve) {
            double[] predicted = predict(curve.schedule, curve.steps);
            return IntStream.range(0, predicted.length).mapToDouble(i -> Math.abs(predicted[i] / curve.loss[i] - 1)).average().orElseThrow();
        }

        /** Measured losses and the law on its curves, and on {@code unseen} ones, dashed. */
        public Figure figure(Curve... unseen) {
            Figure figure = Figure.of(law.formula()).x("step").y("loss");
            for (int i = 0; i < curves.size() + unseen.length; i++) {
                boolean fitted = i < curves.size();
                Curve curve = fitted ? curves.get(i) : unseen[i - curves.size()];
                figure = figure.scatter(curve.name, curve.positions(), curve.loss).color(i);
                figure = figure.line(fitted ? "fit" : "predicted", curve.positions(), predict(curve.schedule, curve.steps)).color(i);
                if (!fitted) figure = figure.dashed();
            }
            return figure;
        }

        @Override
        public Bundle bundle() {
            return Bundle.text(toString());
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s%nlambda %s, fitted to %s", scalingFit, law.lambda, String.join(", ", curves.stream().map(Curve::name).toList()));
        }
    }

    @Override
    public String name() {
        return "learning-rate annealing";
    }

    @Override
    public String formula() {
        return "L = L0 + A S1^-alpha - C S2";
    }

    @Override
    public List<String> inputs() {
        return List.of("S1", "S2");
    }

    @Override
    public List<Parameter> parameters() {
        return PARAMETERS;
    }

    @Override
    public int distinctValuesNeeded() {
        return 2;
    }

    @Override
    public boolean positive(int k) {
        return k == 0;
    }

    @Override
    public double[] features(double... inputs) {
        return new double[] {Math.log(inputs[0]), inputs[1]};
    }

    @Override
    public double logPrediction(double[] coordinates, double[] features, double[] gradient) {
        double constant = Math.exp(coordinates[0]);
        double power = Math.exp(coordinates[1] - coordinates[2] * features[0]);
        double y = constant + power - coordinates[3] * features[1];
        if (!(y > 0)) return Double.NaN;
        gradient[0] = constant / y;
        gradient[1] = power / y;
        gradient[2] = -power * features[0] / y;
        gradient[3] = -features[1] / y;
        return Math.log(y);
    }

    @Override
    public int[] factors() {
        return new int[] {0, 1, 3};
    }

    @Override
    public void terms(double[] coordinates, double[] features, double[] terms) {
        terms[0] = 1;
        terms[1] = Math.exp(-coordinates[2] * features[0]);
        terms[2] = -features[1];
    }

    @Override
    public List<double[]> shapes(double[][] features, double[] logTargets) {
        return Arrays.stream(EXPONENTS).mapToObj(alpha -> new double[] {0, 0, alpha, 0}).toList();
    }
}
