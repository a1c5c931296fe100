package lemma.plot;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One thing drawn in a panel. Arrays are copies that nobody writes to; a value that is not finite is a gap. */
sealed interface Layer {
    /** What the legend says; empty: not in the legend. */
    String name();

    Style style();

    Layer style(Style next);

    /** The x values that the axis must show. */
    Extent x();

    /** The y values that the axis must show. */
    Extent y();

    /** What this is, for the printed description. */
    String kind();

    /** The points joined by straight pieces. */
    record Line(String name, double[] xs, double[] ys, Style style) implements Layer {
        @Override
        public Layer style(Style next) {
            return new Line(name, xs, ys, next);
        }

        @Override
        public Extent x() {
            return Extent.of(xs);
        }

        @Override
        public Extent y() {
            return Extent.of(ys);
        }

        @Override
        public String kind() {
            return "line";
        }

        /** The half-open index ranges between gaps. */
        List<int[]> runs() {
            return runs(xs, ys);
        }

        static List<int[]> runs(double[]... arrays) {
            List<int[]> runs = new ArrayList<>();
            int n = arrays[0].length;
            int start = -1;
            for (int i = 0; i <= n; i++) {
                boolean drawn = i < n && allFinite(i, arrays);
                if (drawn && start < 0) start = i;
                if (drawn || start < 0) continue;
                runs.add(new int[] {start, i});
                start = -1;
            }
            return runs;
        }

        private static boolean allFinite(int i, double[]... arrays) {
            for (double[] array : arrays) {
                if (!Double.isFinite(array[i])) return false;
            }
            return true;
        }
    }

    /**
     * Separate markers, with vertical error bars from {@code lo} to {@code hi} where those are given.
     *
     * @param lo lower ends of the error bars, or null
     * @param hi upper ends of the error bars, or null
     */
    record Scatter(String name, double[] xs, double[] ys, double[] lo, double[] hi, Style style) implements Layer {
        static final double DIAMETER = 7.5;
        private static final int MANY = 400;

        @Override
        public Layer style(Style next) {
            return new Scatter(name, xs, ys, lo, hi, next);
        }

        @Override
        public Extent x() {
            return Extent.of(xs);
        }

        @Override
        public Extent y() {
            return hasErrors() ? Extent.of(ys).and(Extent.of(lo)).and(Extent.of(hi)) : Extent.of(ys);
        }

        @Override
        public String kind() {
            return hasErrors() ? "error bars" : "scatter";
        }

        boolean hasErrors() {
            return lo != null;
        }

        /** Diameter in points of the figure: crowds get small markers. */
        double diameter() {
            return xs.length > 10 * MANY ? 3 : xs.length > MANY ? 5 : DIAMETER;
        }

        double opacity() {
            return xs.length > MANY ? 0.6 : 1;
        }
    }

    /** The area between two curves over the same x. */
    record Band(String name, double[] xs, double[] lo, double[] hi, Style style) implements Layer {
        static final double OPACITY = 0.2;

        @Override
        public Layer style(Style next) {
            return new Band(name, xs, lo, hi, next);
        }

        @Override
        public Extent x() {
            return Extent.of(xs);
        }

        @Override
        public Extent y() {
            return Extent.of(lo).and(Extent.of(hi));
        }

        @Override
        public String kind() {
            return "band";
        }
    }

    /**
     * Rectangles from zero (on a log axis: from its lower end) to {@code heights}.
     *
     * @param left left ends; bars over categories span [-0.4, 0.4] around their position and share it with the other series
     * @param error half lengths of error bars, or null
     * @param grouped whether the bars stand over categories
     */
    record Bars(String name, double[] left, double[] right, double[] heights, double[] error, boolean grouped, Style style) implements Layer {
        private static final double SEE_THROUGH = 0.65;
        /** The part of a place that its bars take. */
        static final double GROUP = 0.8;

        @Override
        public Layer style(Style next) {
            return new Bars(name, left, right, heights, error, grouped, next);
        }

        @Override
        public Extent x() {
            return Extent.of(left).and(Extent.of(right));
        }

        @Override
        public Extent y() {
            Extent tips = Extent.of(heights);
            for (int i = 0; error != null && i < heights.length; i++) tips = tips.and(Extent.of(heights[i] - error[i], heights[i] + error[i]));
            return tips;
        }

        @Override
        public String kind() {
            return grouped ? "bars" : "histogram";
        }

        /** Histograms may overlap. */
        double opacity() {
            return grouped ? 1 : SEE_THROUGH;
        }

        /** These bars when they are series {@code slot} of {@code slots} that share the categories. */
        Bars inSlot(int slot, int slots) {
            double[] from = new double[left.length];
            double[] to = new double[left.length];
            for (int i = 0; i < left.length; i++) {
                double width = (right[i] - left[i]) / slots;
                from[i] = left[i] + slot * width;
                to[i] = from[i] + width;
            }
            return new Bars(name, from, to, heights, error, grouped, style);
        }
    }

    /** A straight line across the whole panel at one value, with its name written at its end. */
    record Reference(String name, double value, boolean horizontal, Style style) implements Layer {
        @Override
        public Layer style(Style next) {
            return new Reference(name, value, horizontal, next);
        }

        @Override
        public Extent x() {
            return horizontal ? Extent.NONE : Extent.of(value);
        }

        @Override
        public Extent y() {
            return horizontal ? Extent.of(value) : Extent.NONE;
        }

        @Override
        public String kind() {
            return horizontal ? "horizontal line" : "vertical line";
        }
    }

    /** Text with an arrow to a point. */
    record Note(String name, double atX, double atY, Style style) implements Layer {
        @Override
        public Layer style(Style next) {
            return new Note(name, atX, atY, next);
        }

        @Override
        public Extent x() {
            return Extent.of(atX);
        }

        @Override
        public Extent y() {
            return Extent.of(atY);
        }

        @Override
        public String kind() {
            return "note";
        }
    }

    /**
     * One coloured rectangle for each cell; a value that is not finite leaves its cell grey.
     *
     * @param range the values at the ends of the colours
     */
    record HeatMap(String name, Cells cells, Extent range, Colormap colormap, Style style) implements Layer {
        @Override
        public Layer style(Style next) {
            return new HeatMap(name, cells, range, colormap, next);
        }

        @Override
        public Extent x() {
            return Extent.of(cells.xs());
        }

        @Override
        public Extent y() {
            return Extent.of(cells.ys());
        }

        @Override
        public String kind() {
            return "heat map";
        }

        Color colorOf(double value) {
            return Double.isNaN(value) ? Palette.MISSING : colormap.at((value - range.lo()) / (range.hi() - range.lo()));
        }
    }

    /**
     * Lines of equal value, or the areas between them filled.
     *
     * @param levels ascending
     */
    record Contour(String name, Cells cells, double[] levels, boolean filled, Style style) implements Layer {
        /** The lightest colours of a map are too pale for a line on white. */
        private static final double DARK_PART = 0.85;
        static final double EDGE_OPACITY = 0.55;

        @Override
        public Layer style(Style next) {
            return new Contour(name, cells, levels, filled, next);
        }

        @Override
        public Extent x() {
            return Extent.of(cells.xs());
        }

        @Override
        public Extent y() {
            return Extent.of(cells.ys());
        }

        @Override
        public String kind() {
            return filled ? "filled contours" : "contours";
        }

        /** The colour of the line at {@code levels[k]}: the one the user chose, else by value. */
        Color lineColor(int k) {
            if (style.color() != null) return style.color();
            return Colormap.VIRIDIS.at(levels.length == 1 ? 0.5 * DARK_PART : DARK_PART * k / (levels.length - 1));
        }

        /** The colour of area {@code k}: 0 lies below the first level, {@code levels.length} above the last. */
        Color areaColor(int k) {
            return Colormap.VIRIDIS.at((double) k / levels.length);
        }

        /** What the levels are called. */
        List<String> labels() {
            double gap = Double.POSITIVE_INFINITY;
            for (int k = 1; k < levels.length; k++) gap = Math.min(gap, levels[k] - levels[k - 1]);
            double step = levels.length == 1 ? Math.abs(levels[0]) : gap;
            double largest = Math.max(Math.abs(levels[0]), Math.abs(levels[levels.length - 1]));
            return Arrays.stream(levels).mapToObj(v -> Ticks.label(v, largest, step)).toList();
        }
    }
}
