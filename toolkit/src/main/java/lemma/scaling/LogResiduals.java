package lemma.scaling;

import java.util.Arrays;
import java.util.Set;
import lemma.optim.Lbfgs;

/**
 * {@code sum_i w_i h(log f(x_i) - log y_i)} with the Huber loss h, and its gradient. Holds scratch memory: one copy a thread.
 */
final class LogResiduals implements Lbfgs.Objective {
    private final Law law;
    private final double[][] features;
    private final double[] logTarget;
    private final double[] weights;
    private final double delta;
    private final boolean[] held;
    private final double[] row;

    /** @param weights how often each observation counts, or null for once each */
    LogResiduals(Law law, double[][] features, double[] logTarget, double[] weights, double delta) {
        this(law, features, logTarget, weights, delta, new boolean[law.parameters().size()]);
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

    LogResiduals copy() {
        return new LogResiduals(law, features, logTarget, weights, delta, held);
    }

    /** The same problem in which the coordinates of {@code indices} do not move. */
    LogResiduals holding(Set<Integer> indices) {
        boolean[] mask = new boolean[held.length];
        for (int j : indices) mask[j] = true;
        return new LogResiduals(law, features, logTarget, weights, delta, mask);
    }

    @Override
    public double valueAndGradient(double[] x, double[] gradient) {
        Arrays.fill(gradient, 0);
        double sum = 0;
        for (int i = 0; i < logTarget.length; i++) {
            double weight = weights == null ? 1 : weights[i];
            if (weight == 0) continue;
            double r = law.logPrediction(x, features[i], row) - logTarget[i];
            double size = Math.abs(r);
            sum += weight * (size <= delta ? 0.5 * r * r : delta * (size - 0.5 * delta));
            double pull = weight * (size <= delta ? r : Math.copySign(delta, r));
            for (int j = 0; j < gradient.length; j++) gradient[j] += pull * row[j];
        }
        for (int j = 0; j < gradient.length; j++) if (held[j]) gradient[j] = 0;
        return sum;
    }
}
