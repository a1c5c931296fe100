package lemma.plot;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Redraws the plain kinds of Plotly figures (points, lines, bars, histograms, heat maps on one pair of axes) as a {@link Figure}, so that they have a PNG. */
final class ForeignDrawing {
    private static final int BINS = 30;

    private ForeignDrawing() {}

    /** The figure, or nothing when one of its traces is of another kind, over dates or on a second pair of axes. */
    static Optional<Figure> of(Map<String, Object> plotly) {
        Map<?, ?> layout = (Map<?, ?>) plotly.get("layout");
        List<?> traces = (List<?>) plotly.get("data");
        if (traces.isEmpty()) return Optional.empty();
        Figure figure = axis(layout.get("yaxis"), false, axis(layout.get("xaxis"), true, Figure.of(title(layout))));
        for (Object trace : traces) {
            Figure next = with(figure, (Map<?, ?>) trace);
            if (next == null) return Optional.empty();
            figure = next;
        }
        return Optional.of(figure);
    }

    private static Figure axis(Object axis, boolean horizontal, Figure figure) {
        if (!(axis instanceof Map<?, ?> map)) return figure;
        boolean log = "log".equals(map.get("type"));
        if (horizontal) return log ? figure.xLog(title(map)) : figure.x(title(map));
        return log ? figure.yLog(title(map)) : figure.y(title(map));
    }

    private static String title(Map<?, ?> owner) {
        return owner.get("title") instanceof Map<?, ?> title ? text(title.get("text")) : "";
    }

    /** jsplot escapes text for HTML. */
    private static String text(Object value) {
        return Objects.toString(value, "").replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'").replace("&quot;", "\"").replace("&amp;", "&");
    }

    private static Figure with(Figure figure, Map<?, ?> trace) {
        if (!onFirstAxes(trace, "xaxis", "x") || !onFirstAxes(trace, "yaxis", "y")) return null;
        String name = text(trace.get("name"));
        double[] x = numbers(trace.get("x"));
        double[] y = numbers(trace.get("y"));
        return switch (Objects.toString(trace.get("type"))) {
            case "scatter" -> x == null || y == null ? null : scatter(figure, name, x, y, Objects.toString(trace.get("mode"), "lines"));
            case "bar" -> y == null || "h".equals(trace.get("orientation")) ? null : figure.bars(name, names(trace.get("x")), y);
            case "histogram" -> x == null || y != null ? null : histogram(figure, name, x);
            case "heatmap" -> heatMap(figure, name, trace);
            default -> null;
        };
    }

    private static boolean onFirstAxes(Map<?, ?> trace, String key, String first) {
        return trace.get(key) == null || first.equals(trace.get(key));
    }

    private static Figure scatter(Figure figure, String name, double[] x, double[] y, String mode) {
        if (!mode.contains("lines")) return figure.scatter(name, x, y);
        return mode.contains("markers") ? figure.line(name, x, y).markers() : figure.line(name, x, y);
    }

    /** Plotly leaves out what is missing, so here too. */
    private static Figure histogram(Figure figure, String name, double[] values) {
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        return finite.length == 0 ? null : figure.histogram(name, finite, BINS);
    }

    private static Figure heatMap(Figure figure, String name, Map<?, ?> trace) {
        if (!(trace.get("z") instanceof List<?> rows) || trace.get("x") == null || trace.get("y") == null) return null;
        double[][] z = rows.stream().map(ForeignDrawing::numbers).toArray(double[][]::new);
        return figure.heatMap(name, names(trace.get("y")), names(trace.get("x")), z);
    }

    private static String[] names(Object list) {
        return ((List<?>) list).stream().map(v -> v instanceof Double d && d == Math.rint(d) ? Long.toString(d.longValue()) : Objects.toString(v, "")).toArray(String[]::new);
    }

    /** The numbers with NaN for null; null when there are no values or they are not all numbers. */
    private static double[] numbers(Object list) {
        if (!(list instanceof List<?> values)) return null;
        double[] numbers = new double[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            Object value = values.get(i);
            if (value != null && !(value instanceof Number)) return null;
            numbers[i] = value == null ? Double.NaN : ((Number) value).doubleValue();
        }
        return numbers;
    }
}
