package lemma.scaling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import lemma.display.Bundle;
import lemma.display.Rich;
import lemma.plot.Figure;
import lemma.stats.Interval;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The model size that makes the best of a training budget, {@code N_opt(C) = G C^a}, by the three ways of Hoffmann et al.: the lower
 * envelope of loss curves over compute, parabolas through runs of equal compute (IsoFLOP), and the minimum of a fitted parametric loss.
 *
 * @param method in words
 * @param optima the best size at each budget
 * @param fit the power law through them; {@code alpha()} is G and {@code beta()} the exponent a
 * @see <a href="https://arxiv.org/abs/2203.15556">Hoffmann et al. (2022), Training Compute-Optimal Large Language Models, section 3</a>
 */
public record ComputeFrontier(String method, List<Optimum> optima, PowerLawFit fit) implements Rich {
    /**
     * The loss of one model size along its training.
     *
     * @param params N
     * @param flops training compute so far, ascending
     * @param loss measured then
     */
    public record Curve(double params, double[] flops, double[] loss) {
        public Curve {
            if (flops.length != loss.length || flops.length < 2) throw new IllegalArgumentException("ComputeFrontier: a curve has " + flops.length + " budgets and " + loss.length + " losses, expected as many, at least 2");
            for (int i = 1; i < flops.length; i++) if (!(flops[i] > flops[i - 1])) throw new IllegalArgumentException("ComputeFrontier: budgets of the curve of " + params + " parameters do not ascend at " + flops[i]);
        }

        /** The loss at the end of training. */
        public double last() {
            return loss[loss.length - 1];
        }

        /** The loss at a budget, straight on log axes between measurements; NaN outside of them. */
        public double at(double budget) {
            if (budget < flops[0] || budget > flops[flops.length - 1]) return Double.NaN;
            int found = Arrays.binarySearch(flops, budget);
            if (found >= 0) return loss[found];
            int right = -found - 1;
            double part = Math.log(budget / flops[right - 1]) / Math.log(flops[right] / flops[right - 1]);
            return Math.exp((1 - part) * Math.log(loss[right - 1]) + part * Math.log(loss[right]));
        }
    }

    /**
     * The best size of a budget.
     *
     * @param flops C
     * @param params N_opt
     * @param loss there
     */
    public record Optimum(double flops, double params, double loss) {}

    private static ComputeFrontier of(String method, List<Optimum> optima) {
        if (optima.size() < 3) {
            throw new IllegalArgumentException("ComputeFrontier: " + method + " finds an optimum inside the sizes tried at " + optima.size() + " budgets, expected at least 3; add sizes or move the budgets");
        }
        double[] flops = optima.stream().mapToDouble(Optimum::flops).toArray();
        return new ComputeFrontier(method, List.copyOf(optima), PowerLawFit.of(flops, optima.stream().mapToDouble(Optimum::params).toArray()));
    }

    /**
     * Approach 1: at each budget the curve that is lowest there. Budgets at which the smallest or the largest size wins are left out, for
     * the optimum may lie beyond.
     *
     * @throws IllegalArgumentException if fewer than three budgets are left
     */
    public static ComputeFrontier envelope(List<Curve> curves, double... budgets) {
        List<Curve> sorted = curves.stream().sorted(Comparator.comparingDouble(Curve::params)).toList();
        List<Optimum> optima = new ArrayList<>();
        for (double budget : budgets) {
            int best = lowest(sorted, budget);
            if (best > 0 && best < sorted.size() - 1) optima.add(new Optimum(budget, sorted.get(best).params, sorted.get(best).at(budget)));
        }
        return of("envelope (approach 1)", optima);
    }

    private static int lowest(List<Curve> curves, double budget) {
        int best = -1;
        for (int k = 0; k < curves.size(); k++) {
            double loss = curves.get(k).at(budget);
            if (!Double.isNaN(loss) && (best < 0 || loss < curves.get(best).at(budget))) best = k;
        }
        return best;
    }

    /**
     * Approach 2: at each budget the vertex of the parabola in log N through the losses of the curves within half a decade of the lowest
     * one. Budgets with fewer than three such sizes, or whose vertex lies outside of them, are left out.
     *
     * @throws IllegalArgumentException if fewer than three budgets are left
     */
    public static ComputeFrontier isoFlop(List<Curve> curves, double... budgets) {
        List<Optimum> optima = new ArrayList<>();
        for (double budget : budgets) {
            int best = lowest(curves, budget);
            if (best < 0) continue;
            double centre = curves.get(best).params;
            List<Curve> there = curves.stream().filter(c -> !Double.isNaN(c.at(budget)) && Math.abs(Math.log10(c.params / centre)) <= 0.5).toList();
            Optimum vertex = vertex(budget, there.stream().mapToDouble(Curve::params).toArray(), there.stream().mapToDouble(c -> c.at(budget)).toArray());
            if (vertex != null) optima.add(vertex);
        }
        return of("IsoFLOP parabolas (approach 2)", optima);
    }

    /**
     * Approach 2 from finished runs: those whose budgets agree to 1 % make a group.
     *
     * @param params N of each run
     * @param flops its budget
     * @param loss its final loss
     */
    public static ComputeFrontier isoFlop(double[] params, double[] flops, double[] loss) {
        Integer[] order = IntStream.range(0, flops.length).boxed().sorted(Comparator.comparingDouble(i -> flops[i])).toArray(Integer[]::new);
        List<Optimum> optima = new ArrayList<>();
        for (int from = 0; from < order.length;) {
            int to = from;
            while (to < order.length && flops[order[to]] <= 1.01 * flops[order[from]]) to++;
            int[] group = Arrays.stream(order, from, to).mapToInt(Integer::intValue).toArray();
            Optimum vertex = vertex(flops[group[0]], Arrays.stream(group).mapToDouble(i -> params[i]).toArray(), Arrays.stream(group).mapToDouble(i -> loss[i]).toArray());
            if (vertex != null) optima.add(vertex);
            from = to;
        }
        return of("IsoFLOP parabolas (approach 2)", optima);
    }

    /** The least-squares parabola of loss in log N, or null without a minimum among the sizes. */
    private static Optimum vertex(double budget, double[] params, double[] loss) {
        if (Arrays.stream(params).distinct().count() < 3) return null;
        double centre = Arrays.stream(params).map(Math::log).average().orElseThrow();
        double[] sums = new double[5];
        double[] right = new double[3];
        for (int i = 0; i < params.length; i++) {
            double x = Math.log(params[i]) - centre;
            for (int k = 0; k < 5; k++) sums[k] += Math.pow(x, k);
            for (int k = 0; k < 3; k++) right[k] += loss[i] * Math.pow(x, k);
        }
        double[][] normal = {{sums[0], sums[1], sums[2]}, {sums[1], sums[2], sums[3]}, {sums[2], sums[3], sums[4]}};
        double[] c = KernelRidge.CHOLESKY.solve(normal, right);
        double at = Math.exp(centre - c[1] / (2 * c[2]));
        boolean inside = Arrays.stream(params).min().orElseThrow() <= at && at <= Arrays.stream(params).max().orElseThrow();
        return c[2] > 0 && inside ? new Optimum(budget, at, c[0] - c[1] * c[1] / (4 * c[2])) : null;
    }

    /** Approach 3: the minimum of a fitted Chinchilla law at each budget. */
    public static ComputeFrontier parametric(ScalingFit chinchilla, double... budgets) {
        return of("parametric loss (approach 3)", Arrays.stream(budgets).mapToObj(c -> {
            Chinchilla.Allocation best = Chinchilla.optimal(chinchilla, c);
            return new Optimum(c, best.params(), best.loss());
        }).toList());
    }

    /**
     * What approach 2 finds on losses without noise: the parabola is not the shape of the loss, so sizes that are not centred on the optimum, or
     * span decades, bias it.
     *
     * @param trueExponent {@code beta / (alpha + beta)}
     * @param frontier what the parabolas give
     * @param extrapolated N_opt of the parabolas over the true one at a hundred times the largest budget
     */
    public record ParabolaBias(double trueExponent, ComputeFrontier frontier, double extrapolated) {
        public double exponentError() {
            return frontier.exponent() - trueExponent;
        }
    }

    /**
     * The bias of approach 2 under a known law.
     *
     * @param values A, B, E, alpha, beta of the {@link Chinchilla} law
     * @param budgets C, three or more
     * @param decades width of the grid of sizes at each budget, in decades
     * @param offCentre by how many decades the middle of the grid lies above the optimum
     * @param sizes number of sizes, at least 3
     */
    public static ParabolaBias parabolaBias(double[] values, double[] budgets, double decades, double offCentre, int sizes) {
        if (sizes < 3 || !(decades > 0)) throw new IllegalArgumentException("ComputeFrontier: " + sizes + " sizes over " + decades + " decades, expected at least 3 over a positive width");
        Chinchilla law = new Chinchilla();
        double alpha = values[3];
        double beta = values[4];
        double g = Math.pow(alpha * values[0] / (beta * values[1]), 1 / (alpha + beta));
        double exponent = beta / (alpha + beta);
        List<Optimum> optima = new ArrayList<>();
        for (double c : budgets) {
            double best = g * Math.pow(c / 6, exponent);
            double[] params = IntStream.range(0, sizes).mapToDouble(i -> best * Math.pow(10, offCentre + decades * ((double) i / (sizes - 1) - 0.5))).toArray();
            Optimum vertex = vertex(c, params, Arrays.stream(params).map(n -> law.predict(values, n, c / (6 * n))).toArray());
            if (vertex != null) optima.add(vertex);
        }
        ComputeFrontier frontier = of("IsoFLOP parabolas (approach 2) without noise", optima);
        double far = 100 * Arrays.stream(budgets).max().orElseThrow();
        return new ParabolaBias(exponent, frontier, frontier.predict(far) / (g * Math.pow(far / 6, exponent)));
    }

    /** The exponent a of {@code N_opt = G C^a}. */
    public double exponent() {
        return fit.beta();
    }

    /** Bootstrap interval of the exponent over the budgets. */
    public Interval exponentInterval(double level) {
        return fit.interval("beta", level);
    }

    /** {@code N_opt} at a budget. */
    public double predict(double flops) {
        return fit.predict(flops);
    }

    /** Several frontiers side by side: method, exponent with its 95 % bootstrap interval over the budgets, and the best size at {@code flops}. */
    public static Table table(double flops, ComputeFrontier... frontiers) {
        List<Interval> intervals = Arrays.stream(frontiers).map(f -> f.exponentInterval(0.95)).toList();
        return Table.create("N_opt = G C^a", StringColumn.create("method", Arrays.stream(frontiers).map(ComputeFrontier::method).toList()),
                DoubleColumn.create("a", Arrays.stream(frontiers).mapToDouble(ComputeFrontier::exponent).toArray()),
                DoubleColumn.create("low", intervals.stream().mapToDouble(Interval::low).toArray()), DoubleColumn.create("high", intervals.stream().mapToDouble(Interval::high).toArray()),
                DoubleColumn.create("N at %.3g FLOP".formatted(flops), Arrays.stream(frontiers).mapToDouble(f -> f.predict(flops)).toArray()));
    }

    /** The best sizes over the budgets with their power laws, one for each frontier. */
    public static Figure figure(ComputeFrontier... frontiers) {
        Figure figure = Figure.of("Compute-optimal model size").xLog("training FLOP C").yLog("parameters N");
        for (int k = 0; k < frontiers.length; k++) {
            ComputeFrontier f = frontiers[k];
            double[] x = f.optima.stream().mapToDouble(Optimum::flops).toArray();
            figure = figure.scatter(f.method, x, f.optima.stream().mapToDouble(Optimum::params).toArray()).color(k);
            figure = figure.line(String.format(Locale.ROOT, "C^%.3f", f.exponent()), x, Arrays.stream(x).map(f::predict).toArray()).color(k);
        }
        return figure;
    }

    /** IsoFLOP curves: the losses of sizes up to a decade from the best one, a line for each budget of this frontier, with its optima. */
    public Figure isoFlops(List<Curve> curves) {
        Figure figure = Figure.of("IsoFLOP curves").xLog("parameters N").y("loss");
        for (Optimum best : optima) {
            List<Curve> near = curves.stream().filter(c -> !Double.isNaN(c.at(best.flops)) && Math.abs(Math.log10(c.params / best.params)) <= 1)
                    .sorted(Comparator.comparingDouble(Curve::params)).toList();
            figure = figure.line(String.format(Locale.ROOT, "%.2g FLOP", best.flops), near.stream().mapToDouble(Curve::params).toArray(), near.stream().mapToDouble(c -> c.at(best.flops)).toArray());
        }
        return figure.scatter("optima", optima.stream().mapToDouble(Optimum::params).toArray(), optima.stream().mapToDouble(Optimum::loss).toArray());
    }

    /** The loss curves over compute, one for each size. */
    public static Figure curves(List<Curve> curves) {
        Figure figure = Figure.of("Loss over training compute").xLog("training FLOP C").yLog("loss");
        for (Curve curve : curves) figure = figure.line(String.format(Locale.ROOT, "N = %.3g", curve.params), curve.flops, curve.loss);
        return figure;
    }

    @Override
    public Bundle bundle() {
        return Bundle.text(toString());
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s: N_opt = %.4g C^%.4f from %d budgets", method, fit.alpha(), exponent(), optima.size());
    }
}
