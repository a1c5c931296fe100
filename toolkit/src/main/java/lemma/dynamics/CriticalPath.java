package lemma.dynamics;

/**
 * How long training with perturbed inputs takes when one worker makes the perturbations and another one the updates: the perturbation of step t needs
 * the parameters that step {@code t - staleness} starts from and a free worker, the update of step t needs its perturbation and the update before.
 *
 * @param perturbation time of one perturbation
 * @param update time of one update
 * @param staleness 0 for adversarial training as usual
 */
public record CriticalPath(double perturbation, double update, int staleness) {
    public CriticalPath {
        if (!(perturbation >= 0) || !(update > 0) || staleness < 0) {
            throw new IllegalArgumentException("CriticalPath: perturbation " + perturbation + ", update " + update + ", staleness " + staleness + "; expected times of at least 0 and a staleness of at least 0");
        }
    }

    /** When the last of {@code steps} updates is done. */
    public double time(int steps) {
        double[] done = new double[steps + 1]; // done[t] when the parameters of step t are there
        double free = 0;
        for (int t = 0; t < steps; t++) {
            free = Math.max(free, done[Math.max(0, t - staleness)]) + perturbation;
            done[t + 1] = Math.max(done[t], free) + update;
        }
        return done[steps];
    }
}
