package lemma.optim;

/** A learning rate as a function of the step, counted from 0. */
@FunctionalInterface
public interface Schedule {
    /** Learning rate of step {@code step}. */
    double at(long step);

    /** The same rate at every step. */
    static Schedule constant(double rate) {
        check(rate);
        return step -> rate;
    }

    /** {@code end + (peak - end) (1 + cos(pi t / steps)) / 2}, then {@code end}. */
    static Schedule cosine(double peak, double end, long steps) {
        check(peak, steps);
        return t -> end + (peak - end) * 0.5 * (1 + Math.cos(Math.PI * Math.min(t, steps) / steps));
    }

    /** Straight from {@code peak} to {@code end} over {@code steps}, then {@code end}. */
    static Schedule linear(double peak, double end, long steps) {
        check(peak, steps);
        return t -> peak + (end - peak) * Math.min(t, steps) / (double) steps;
    }

    /** Warm-up, stable, decay without the warm-up: {@code peak} up to step {@code stable}, then straight to {@code end} at step {@code steps}. */
    static Schedule wsd(double peak, double end, long stable, long steps) {
        check(peak, steps);
        if (stable < 0 || stable >= steps) throw new IllegalArgumentException("Schedule.wsd: stable is " + stable + ", expected 0 to less than steps " + steps);
        return t -> t < stable ? peak : peak + (end - peak) * (Math.min(t, steps) - stable) / (double) (steps - stable);
    }

    /** {@code rate * factor^k} after the k-th of {@code milestones}. */
    static Schedule multiStep(double rate, double factor, long... milestones) {
        check(rate);
        long[] at = milestones.clone();
        for (int i = 1; i < at.length; i++) {
            if (at[i] <= at[i - 1]) throw new IllegalArgumentException("Schedule.multiStep: milestone " + at[i] + " does not come after " + at[i - 1]);
        }
        return t -> {
            double r = rate;
            for (long m : at) if (t >= m) r *= factor;
            return r;
        };
    }

    /**
     * The one-cycle policy: up a cosine from {@code peak/25} over the first 30 % of the steps, down a cosine to {@code peak/250000}.
     *
     * @see <a href="https://arxiv.org/abs/1708.07120">Smith, Topin (2018), Super-convergence</a>
     */
    static Schedule oneCycle(double peak, long steps) {
        check(peak, steps);
        double up = 0.3 * steps - 1;
        double down = steps - 1 - up;
        return t -> t <= up ? anneal(peak / 25, peak, t / up) : anneal(peak, peak / 25e4, Math.min(1, (t - up) / down));
    }

    /** {@code rate * factor^t}. */
    static Schedule exponential(double rate, double factor) {
        check(rate);
        return t -> rate * Math.pow(factor, t);
    }

    /** {@code rate * factor^k} after every {@code every} steps, k times. */
    static Schedule step(double rate, double factor, long every) {
        check(rate, every);
        return t -> rate * Math.pow(factor, t / every);
    }

    /** {@code end + (peak - end) (1 - t / steps)^power}, then {@code end}. */
    static Schedule polynomial(double peak, double end, long steps, double power) {
        check(peak, steps);
        return t -> end + (peak - end) * Math.pow(1 - Math.min(t, steps) / (double) steps, power);
    }

    /**
     * Straight up to {@code peak} over {@code warmUp} steps, then {@code peak sqrt(warmUp / (t + 1))}.
     *
     * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al. (2017), Attention is all you need, eq. 3</a>
     */
    static Schedule inverseSqrt(double peak, long warmUp) {
        check(peak, warmUp);
        return t -> peak * Math.min((t + 1) / (double) warmUp, Math.sqrt(warmUp / (t + 1.0)));
    }

    /**
     * Down a cosine from {@code peak} to {@code end} over {@code steps}, then again from the top, each time {@code longer} times as long.
     *
     * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov, Hutter (2017), SGDR, eq. 5</a>
     */
    static Schedule cosineRestarts(double peak, double end, long steps, int longer) {
        check(peak, steps);
        if (longer < 1) throw new IllegalArgumentException("Schedule.cosineRestarts: longer is " + longer + ", expected at least 1");
        return t -> {
            long start = 0;
            long length = steps;
            if (longer == 1) start = t / steps * steps;
            else for (; t >= start + length; length *= longer) start += length;
            return anneal(peak, end, (t - start) / (double) length);
        };
    }

    /** This schedule up to step {@code at}, then {@code next} from its own step 0. */
    default Schedule then(long at, Schedule next) {
        if (at < 0) throw new IllegalArgumentException("Schedule.then: step is " + at + ", expected at least 0");
        return t -> t < at ? at(t) : next.at(t - at);
    }

    /** Every rate of this schedule times {@code factor}: the scale that is tuned while the shape stays. */
    default Schedule times(double factor) {
        check(factor);
        return t -> at(t) * factor;
    }

    private static double anneal(double from, double to, double part) {
        return to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * part));
    }

    /** This schedule after {@code steps} steps in which the rate rises straight from {@code at(0) / steps} to {@code at(0)}. */
    default Schedule withWarmUp(long steps) {
        if (steps < 0) throw new IllegalArgumentException("Schedule.withWarmUp: steps is " + steps + ", expected at least 0");
        return t -> t < steps ? at(0) * (t + 1) / steps : at(t - steps);
    }

    private static void check(double rate) {
        if (!(rate >= 0) || Double.isInfinite(rate)) throw new IllegalArgumentException("Schedule: learning rate " + rate + ", expected at least 0");
    }

    private static void check(double rate, long steps) {
        check(rate);
        if (steps < 1) throw new IllegalArgumentException("Schedule: steps is " + steps + ", expected at least 1");
    }
}
