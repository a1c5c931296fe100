package lemma.optim;

/**
 * A learning rate that falls by {@code factor} when a measure has not become smaller for more than {@code patience} evaluations, as
 * PyTorch's {@code ReduceLROnPlateau}: smaller means below {@code best (1 - threshold)}. Unlike other schedules it remembers: give it to
 * {@code Trainer.reduceOnPlateau}, or call {@link #observe} after each evaluation.
 */
public final class ReduceOnPlateau implements Schedule {
    private final double start;
    private final double factor;
    private final int patience;
    private final double threshold;
    private final int cooldown;
    private final double least;
    private double rate;
    private double best;
    private int bad;
    private int cooling;

    private ReduceOnPlateau(double start, double factor, int patience, double threshold, int cooldown, double least) {
        if (!(start >= 0)) throw new IllegalArgumentException("ReduceOnPlateau: learning rate " + start + ", expected at least 0");
        if (!(factor > 0 && factor < 1)) throw new IllegalArgumentException("ReduceOnPlateau: factor is " + factor + ", expected between 0 and 1");
        if (patience < 0 || cooldown < 0) throw new IllegalArgumentException("ReduceOnPlateau: patience " + patience + ", cooldown " + cooldown + ", expected at least 0");
        this.start = start;
        this.factor = factor;
        this.patience = patience;
        this.threshold = threshold;
        this.cooldown = cooldown;
        this.least = least;
        reset();
    }

    /** PyTorch's defaults: factor 0.1, patience 10, threshold 1e-4, no cooldown, no lower bound. */
    public static ReduceOnPlateau of(double learningRate) {
        return new ReduceOnPlateau(learningRate, 0.1, 10, 1e-4, 0, 0);
    }

    public ReduceOnPlateau withFactor(double factor) {
        return new ReduceOnPlateau(start, factor, patience, threshold, cooldown, least);
    }

    public ReduceOnPlateau withPatience(int evaluations) {
        return new ReduceOnPlateau(start, factor, evaluations, threshold, cooldown, least);
    }

    /** The fraction of the best value by which a better one must be smaller. */
    public ReduceOnPlateau withThreshold(double threshold) {
        return new ReduceOnPlateau(start, factor, patience, threshold, cooldown, least);
    }

    /** Evaluations after a fall that do not count. */
    public ReduceOnPlateau withCooldown(int evaluations) {
        return new ReduceOnPlateau(start, factor, patience, threshold, evaluations, least);
    }

    /** The rate does not fall below {@code least}. */
    public ReduceOnPlateau withLeast(double least) {
        return new ReduceOnPlateau(start, factor, patience, threshold, cooldown, least);
    }

    /** The rate now; the step does not matter. */
    @Override
    public double at(long step) {
        return rate;
    }

    /** Back to the start. */
    public void reset() {
        rate = start;
        best = Double.POSITIVE_INFINITY;
        bad = 0;
        cooling = 0;
    }

    /** Takes in the measure of one more evaluation. */
    public void observe(double measure) {
        if (measure < best * (1 - threshold)) {
            best = measure;
            bad = 0;
        } else {
            bad++;
        }
        if (cooling > 0) {
            cooling--;
            bad = 0;
        }
        if (bad <= patience) return;
        double next = Math.max(rate * factor, least);
        if (rate - next > 1e-8) rate = next;
        cooling = cooldown;
        bad = 0;
    }
}
