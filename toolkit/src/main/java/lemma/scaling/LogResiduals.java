package lemma.scaling;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import lemma.optim.Lbfgs;
import lemma.tensor.ArrayMath;

/**
 * {@code sum_i w_i h(log f(x_i) - log y_i)} with the Huber loss h, and its gradient. Holds scratch memory: one copy a thread.
 */
class LogResiduals implements Lbfgs.Objective {
    final Law law;
    final double[][] features;
    final double[] logTarget;
    final double[] weights;
    final double delta;
    final boolean[] held;
    private final double[] row;

    /** @param weights how much each observation counts, or null for once each */
    static LogResiduals of(Law law, double[][] features, double[] logTarget, double[] weights, double delta) {
        return of(law, features, logTarget, weights, delta, new boolean[law.parameters().size()]);
    }

    private static LogResiduals of(Law law, double[][] features, double[] logTarget, double[] weights, double delta, boolean[] held) {
        return law instanceof LogSumExpLaw sum ? new AtOnce(sum, features, logTarget, weights, delta, held) : new LogResiduals(law, features, logTarget, weights, delta, held);
    }

    private LogResiduals(Law law, double[][] features, double[] logTarget, double[] weights, double delta, boolean[] held) {
        this.law = law;
        this.features = features;
        this.logTarget = logTarget;
        this.weights = weights;
        this.delta = delta;
        this.held = held;
        this.row = new double[held.length];
    }

    final LogResiduals copy() {
        return of(law, features, logTarget, weights, delta, held);
    }

    /** The same problem in which the coordinates of {@code indices} do not move. */
    final LogResiduals holding(Set<Integer> indices) {
        boolean[] mask = new boolean[held.length];
        for (int j : indices) mask[j] = true;
        return of(law, features, logTarget, weights, delta, mask);
    }

    @Override
    public double valueAndGradient(double[] x, double[] gradient) {
        Arrays.fill(gradient, 0);
        double sum = 0;
        for (int i = 0; i < logTarget.length; i++) {
            double weight = weights == null ? 1 : weights[i];
            if (weight == 0) continue;
            double r = law.logPrediction(x, features[i], row) - logTarget[i];
            sum += weight * loss(r);
            double pull = weight * pull(r);
            for (int j = 0; j < gradient.length; j++) gradient[j] += pull * row[j];
        }
        hold(gradient);
        return sum;
    }

    /** The Huber loss of a residual. */
    final double loss(double r) {
        double size = Math.abs(r);
        return size <= delta ? 0.5 * r * r : delta * (size - 0.5 * delta);
    }

    /** Its derivative. */
    final double pull(double r) {
        return Math.max(-delta, Math.min(delta, r));
    }

    final void hold(double[] gradient) {
        for (int j = 0; j < gradient.length; j++) if (held[j]) gradient[j] = 0;
    }

    /** The same for a {@link LogSumExpLaw}, one term of all observations at a time: {@code u_k = exp(z_k - z_last)}, {@code log f = z_last + log(1 + sum_k u_k)}. */
    private static final class AtOnce extends LogResiduals {
        private static final double LARGEST = 700;

        private final List<LogSumExpLaw.Term> terms;
        private final double[][] columns;
        private final double[][] u;
        private final double[] sum;
        private final double[] log;

        AtOnce(LogSumExpLaw law, double[][] features, double[] logTarget, double[] weights, double delta, boolean[] held) {
            super(law, features, logTarget, weights, delta, held);
            int n = logTarget.length;
            terms = law.terms();
            columns = new double[features[0].length][n];
            for (int i = 0; i < n; i++) for (int j = 0; j < columns.length; j++) columns[j][i] = features[i][j];
            u = new double[terms.size() - 1][n];
            sum = new double[n];
            log = new double[n];
        }

        @Override
        public double valueAndGradient(double[] x, double[] gradient) {
            double constant = x[terms.getLast().factor()];
            Arrays.fill(sum, 1);
            for (int k = 0; k < u.length; k++) if (!term(k, x, constant)) return Double.NaN;
            System.arraycopy(sum, 0, log, 0, sum.length);
            ArrayMath.log(log);
            Arrays.fill(gradient, 0);
            double value = residuals(constant, gradient);
            for (int k = 0; k < u.length; k++) shares(k, gradient);
            hold(gradient);
            return value;
        }

        /** Term k of all observations by the constant, added to the sum; false where a term is so far above it that no fit lies there. */
        private boolean term(int k, double[] x, double constant) {
            LogSumExpLaw.Term term = terms.get(k);
            double[] z = u[k];
            Arrays.fill(z, x[term.factor()] - constant);
            for (int j = 0; j < columns.length; j++) if (term.exponents()[j] >= 0) add(term.sign() * x[term.exponents()[j]], columns[j], z);
            double top = 0;
            for (double value : z) top = Math.max(top, value);
            if (!(top < LARGEST)) return false;
            ArrayMath.exp(z);
            for (int i = 0; i < z.length; i++) sum[i] += z[i];
            return true;
        }

        private static void add(double factor, double[] column, double[] into) {
            for (int i = 0; i < into.length; i++) into[i] += factor * column[i];
        }

        /** The objective; leaves {@code w h'(r) / sum} in {@code log}, whose sum is the gradient by the constant. */
        private double residuals(double constant, double[] gradient) {
            double value = 0;
            double last = 0;
            for (int i = 0; i < log.length; i++) {
                double weight = weights == null ? 1 : weights[i];
                double r = constant + log[i] - logTarget[i];
                value += weight * loss(r);
                log[i] = weight * pull(r) / sum[i];
                last += log[i];
            }
            gradient[terms.getLast().factor()] = last;
            return value;
        }

        private void shares(int k, double[] gradient) {
            LogSumExpLaw.Term term = terms.get(k);
            double[] share = u[k];
            double whole = 0;
            for (int i = 0; i < share.length; i++) {
                share[i] *= log[i];
                whole += share[i];
            }
            gradient[term.factor()] += whole;
            for (int j = 0; j < columns.length; j++) if (term.exponents()[j] >= 0) gradient[term.exponents()[j]] += term.sign() * dot(share, columns[j]);
        }

        private static double dot(double[] a, double[] b) {
            double s0 = 0;
            double s1 = 0;
            double s2 = 0;
            double s3 = 0;
            int i = 0;
            for (; i <= a.length - 4; i += 4) {
                s0 += a[i] * b[i];
                s1 += a[i + 1] * b[i + 1];
                s2 += a[i + 2] * b[i + 2];
                s3 += a[i + 3] * b[i + 3];
            }
            for (; i < a.length; i++) s0 += a[i] * b[i];
            return s0 + s1 + (s2 + s3);
        }
    }
}
