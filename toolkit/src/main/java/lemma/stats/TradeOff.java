package lemma.stats;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What a method offers of two measures that pull against each other and are both better when larger, such as robustness and accuracy at
 * several settings: the points that no other beats in both, joined by straight lines. Two methods are compared at equal x.
 *
 * @param x increasing
 * @param y decreasing, but for settings {@linkplain #chosen chosen} on other data
 */
public record TradeOff(double[] x, double[] y) {
    private static final int PLACES = 200;

    /** Of points in any order. */
    public static TradeOff of(double[] x, double[] y) {
        if (x.length != y.length || x.length < 2) throw new IllegalArgumentException("TradeOff: " + x.length + " and " + y.length + " numbers; expected equally many, at least 2");
        for (int i = 0; i < x.length; i++) if (!Double.isFinite(x[i]) || !Double.isFinite(y[i])) throw new IllegalArgumentException("TradeOff: point " + i + " is (" + x[i] + ", " + y[i] + "), expected finite numbers");
        int[] order = IntStream.range(0, x.length).boxed().sorted(Comparator.<Integer>comparingDouble(i -> x[i]).thenComparingDouble(i -> -y[i])).mapToInt(i -> i).toArray();
        int[] kept = IntStream.of(order).filter(i -> IntStream.of(order).noneMatch(j -> beats(x[j], y[j], x[i], y[i]))).toArray();
        double[] px = IntStream.of(kept).mapToDouble(i -> x[i]).toArray();
        double[] py = IntStream.of(kept).mapToDouble(i -> y[i]).toArray();
        int[] first = IntStream.range(0, px.length).filter(i -> i == 0 || px[i] != px[i - 1]).toArray();
        return new TradeOff(IntStream.of(first).mapToDouble(i -> px[i]).toArray(), IntStream.of(first).mapToDouble(i -> py[i]).toArray());
    }

    /**
     * Of settings that were chosen on other data: those that no other beats in both measures there, at their values here, joined in the order of
     * x. No choice is made by x and y, so y need not fall.
     *
     * @param validationX x of each setting on the data to choose by
     * @param validationY y of each setting there
     * @param x of each setting on the data to report
     * @param y of each setting there
     */
    public static TradeOff chosen(double[] validationX, double[] validationY, double[] x, double[] y) {
        if (validationX.length != x.length || validationY.length != x.length || y.length != x.length) {
            throw new IllegalArgumentException("TradeOff: " + validationX.length + ", " + validationY.length + ", " + x.length + " and " + y.length + " numbers; expected equally many");
        }
        int[] kept = IntStream.range(0, x.length)
                .filter(i -> IntStream.range(0, x.length).noneMatch(j -> beats(validationX[j], validationY[j], validationX[i], validationY[i])))
                .boxed().sorted(Comparator.comparingDouble(i -> x[i])).mapToInt(i -> i).toArray();
        int[] distinct = IntStream.range(0, kept.length).filter(i -> i == 0 || x[kept[i]] != x[kept[i - 1]]).map(i -> kept[i]).toArray();
        return new TradeOff(IntStream.of(distinct).mapToDouble(i -> x[i]).toArray(), IntStream.of(distinct).mapToDouble(i -> y[i]).toArray());
    }

    private static boolean beats(double x, double y, double otherX, double otherY) {
        return x >= otherX && y >= otherY && (x > otherX || y > otherY);
    }

    /** y at a place between the first and the last x. */
    public double at(double place) {
        if (!(place >= x[0] && place <= x[x.length - 1])) throw new IllegalArgumentException("TradeOff: " + place + " is not between " + x[0] + " and " + x[x.length - 1]);
        if (x.length == 1) return y[0];
        int i = 1;
        while (i < x.length - 1 && x[i] < place) i++;
        double t = (place - x[i - 1]) / (x[i] - x[i - 1]);
        return y[i - 1] + t * (y[i] - y[i - 1]);
    }

    /**
     * Mean of this y less the other's over the x that both cover.
     *
     * @throws IllegalArgumentException if they cover none in common
     */
    public double meanAdvantage(TradeOff other) {
        double low = Math.max(x[0], other.x[0]);
        double high = Math.min(x[x.length - 1], other.x[other.x.length - 1]);
        if (!(low <= high)) throw new IllegalArgumentException("TradeOff: [" + x[0] + ", " + x[x.length - 1] + "] and [" + other.x[0] + ", " + other.x[other.x.length - 1] + "] have nothing in common");
        return IntStream.rangeClosed(0, PLACES).mapToDouble(i -> Math.min(high, low + (high - low) * i / PLACES)).map(p -> at(p) - other.at(p)).average().getAsDouble();
    }
}
