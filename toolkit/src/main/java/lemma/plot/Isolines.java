package lemma.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The level lines and regions of a contour layer in data coordinates, and where the lines carry their value. */
final class Isolines {
    static final double FONT = 10.5;

    private static final double[] ALONG = {0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9};

    private final Box box;
    private final Layer.Contour contour;

    Isolines(Box box, Layer.Contour contour) {
        this.box = box;
        this.contour = contour;
    }

    /** On a log axis the interpolation is linear in the logarithm, so that lines look as smooth as on a linear one. */
    private static double[] straightened(double[] values, boolean log) {
        return log ? Arrays.stream(values).map(Math::log10).toArray() : values;
    }

    private double[] xs() {
        return straightened(contour.cells().xs(), box.x().log());
    }

    private double[] ys() {
        return straightened(contour.cells().ys(), box.y().log());
    }

    List<double[][]> lines(double level) {
        return back(MarchingSquares.lines(xs(), ys(), contour.cells().z(), level));
    }

    /** Where the value is at least {@code level}; minus infinity: everywhere but in the holes. */
    List<double[][]> region(double level) {
        return back(MarchingSquares.region(xs(), ys(), contour.cells().z(), Math.max(level, -Double.MAX_VALUE)));
    }

    private List<double[][]> back(List<double[][]> lines) {
        for (double[][] line : lines) {
            if (box.x().log()) Arrays.setAll(line[0], i -> Math.pow(10, line[0][i]));
            if (box.y().log()) Arrays.setAll(line[1], i -> Math.pow(10, line[1][i]));
        }
        return lines;
    }

    /** One label on the longest line of each level, if that is long enough, where it meets no other label and covers the least of the series. */
    List<Label> labels() {
        List<double[]> ink = Ink.ofSeries(box);
        List<Label> labels = new ArrayList<>();
        List<Rect> taken = new ArrayList<>();
        for (int k = 0; k < contour.levels().length; k++) {
            Label label = label(contour.labels().get(k), longest(lines(contour.levels()[k])), taken, ink);
            if (label == null) continue;
            taken.add(place(label));
            labels.add(label);
        }
        return labels;
    }

    private Label label(String text, double[][] line, List<Rect> taken, List<double[]> ink) {
        double length = length(line);
        if (length < 3 * RichText.width(text, FONT)) return null;
        Label best = null;
        long fewest = Long.MAX_VALUE;
        for (double along : ALONG) {
            double[] at = pointAt(line, along * length);
            Label label = new Label(text, at[0], at[1], 0.5, 0.5, Double.NaN, Double.NaN);
            Rect place = place(label);
            if (!box.plot().encloses(place) || taken.stream().anyMatch(place::overlaps)) continue;
            long hits = ink.stream().filter(p -> place.contains(p[0], p[1])).count();
            if (hits >= fewest) continue;
            fewest = hits;
            best = label;
        }
        return best;
    }

    private static Rect place(Label label) {
        double width = RichText.width(label.text(), FONT);
        return new Rect(label.x() - width / 2, label.y() - FONT / 2, width, FONT).grown(2);
    }

    private double[][] longest(List<double[][]> lines) {
        double[][] longest = {{}, {}};
        for (double[][] line : lines) {
            double[][] drawn = {Arrays.stream(line[0]).map(box.x()::at).toArray(), Arrays.stream(line[1]).map(box.y()::at).toArray()};
            if (length(drawn) > length(longest)) longest = drawn;
        }
        return longest;
    }

    private static double length(double[][] line) {
        double length = 0;
        for (int i = 1; i < line[0].length; i++) length += Math.hypot(line[0][i] - line[0][i - 1], line[1][i] - line[1][i - 1]);
        return length;
    }

    private static double[] pointAt(double[][] line, double distance) {
        double left = distance;
        for (int i = 1; i < line[0].length; i++) {
            double piece = Math.hypot(line[0][i] - line[0][i - 1], line[1][i] - line[1][i - 1]);
            if (piece >= left && piece > 0) {
                double t = left / piece;
                return new double[] {line[0][i - 1] + t * (line[0][i] - line[0][i - 1]), line[1][i - 1] + t * (line[1][i] - line[1][i - 1])};
            }
            left -= piece;
        }
        int last = line[0].length - 1;
        return new double[] {line[0][last], line[1][last]};
    }
}
