package lemma.kernel;

import java.util.Locale;

/** Times a piece of code over many runs, as {@code %timeit} does. The cell's code calls it. */
public final class Timing {
    private static final long ENOUGH_NANOS = 100_000_000;
    private static volatile Object kept;
    private static volatile double keptNumber;

    private Timing() {}

    /** The code to time. */
    @FunctionalInterface
    public interface Body {
        void run() throws Exception;
    }

    /** Uses a value, so that the compiler cannot leave out its computation. */
    public static void keep(Object value) {
        kept = value;
    }

    /** Uses a number without an object for it. */
    public static void keep(double value) {
        keptNumber = value;
    }

    /** Uses a number without an object for it. */
    public static void keep(long value) {
        keptNumber = value;
    }

    /** Uses a truth value without an object for it. */
    public static void keep(boolean value) {
        keptNumber = value ? 1 : 0;
    }

    /**
     * How long {@code body} takes, in words: mean and standard deviation over {@code runs}, each of {@code loops} calls; with
     * {@code loops} 0 so many that a run takes a tenth of a second.
     */
    static String measure(Body body, int loops, int runs, Runnable stopPoint) throws Exception {
        int each = loops > 0 ? loops : enough(body, stopPoint);
        double[] nanos = new double[runs];
        for (int run = 0; run < runs; run++) nanos[run] = (double) nanos(body, each, stopPoint) / each;
        double mean = java.util.Arrays.stream(nanos).average().orElseThrow();
        double squares = java.util.Arrays.stream(nanos).map(x -> (x - mean) * (x - mean)).sum();
        double spread = runs < 2 ? 0 : Math.sqrt(squares / (runs - 1));
        return shown(mean) + " \u00b1 " + shown(spread) + " (mean and standard deviation of " + runs + (runs == 1 ? " run" : " runs") + ", "
                + each + (each == 1 ? " loop" : " loops") + " each)";
    }

    private static int enough(Body body, Runnable stopPoint) throws Exception {
        int loops = 1;
        while (loops < 100_000_000 && nanos(body, loops, stopPoint) < ENOUGH_NANOS) loops *= 10;
        return loops;
    }

    private static long nanos(Body body, int loops, Runnable stopPoint) throws Exception {
        stopPoint.run();
        long start = System.nanoTime();
        for (int i = 0; i < loops; i++) body.run();
        return System.nanoTime() - start;
    }

    /** {@code nanos} in the unit that keeps the number short, to three digits. */
    static String shown(double nanos) {
        if (nanos < 1e3) return String.format(Locale.ROOT, "%.3g ns", nanos);
        if (nanos < 1e6) return String.format(Locale.ROOT, "%.3g us", nanos / 1e3);
        if (nanos < 1e9) return String.format(Locale.ROOT, "%.3g ms", nanos / 1e6);
        return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }
}
