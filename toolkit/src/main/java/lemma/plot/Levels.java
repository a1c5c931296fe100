package lemma.plot;

import java.util.Arrays;

/** The levels of a contour plot. */
final class Levels {
    private static final int WANTED = 10;

    private Levels() {}

    static double[] of(String call, Cells cells, double[] given) {
        Extent range = cells.range();
        if (cells.xs().length < 2 || cells.ys().length < 2) {
            throw new IllegalArgumentException("Figure.%s: the grid is %d x %d, expected at least 2 x 2".formatted(call, cells.ys().length, cells.xs().length));
        }
        if (range.isEmpty()) throw new IllegalArgumentException("Figure.%s: z has no finite value".formatted(call));
        if (given.length > 0) return ascending(call, given.clone());
        if (range.lo() == range.hi()) throw new IllegalArgumentException("Figure.%s: all values of z are %s, so there is no level to draw".formatted(call, range.lo()));
        return Ticks.linear(range.lo(), range.hi(), WANTED).major().stream().mapToDouble(Ticks.Tick::value).filter(v -> v > range.lo() && v < range.hi()).toArray();
    }

    private static double[] ascending(String call, double[] levels) {
        for (int k = 0; k < levels.length; k++) {
            if (Double.isFinite(levels[k]) && (k == 0 || levels[k] > levels[k - 1])) continue;
            throw new IllegalArgumentException("Figure.%s: levels are %s, expected finite values in ascending order".formatted(call, Arrays.toString(levels)));
        }
        return levels;
    }
}
