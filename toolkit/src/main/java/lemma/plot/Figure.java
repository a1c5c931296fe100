package lemma.plot;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

import com.google.gson.GsonBuilder;

import lemma.display.Bundle;
import lemma.display.Rich;

/**
 * A figure for a paper or a notebook, described in a few chained calls and drawn twice from the same description: as a PNG on the
 * JVM and as Plotly JSON, which a notebook shows with zoom and hover. Both use the same ranges, ticks, colours and places.
 *
 * <pre>{@code
 * Figure.of("Loss against data").xLog("training tokens").yLog("loss (nats)")
 *     .scatter("runs", tokens, loss).line("fit", gx, gy).band("95 %", gx, lo, hi);
 * }</pre>
 *
 * <p>Every call returns a new figure; a figure never changes. Arrays are copied. A value that is NaN or infinite is a gap, which
 * breaks a line. A value at or below zero on a logarithmic axis is refused; only error bars may reach there and are cut. Text may
 * hold the tags {@code <sup> <sub> <b> <i>}.
 */
public final class Figure implements Rich {
    private static final double WIDTH = 720;
    private static final double HEIGHT = 440;

    private final String title;
    private final double width;
    private final double height;
    private final int columns;
    private final boolean sharedX;
    private final boolean sharedY;
    private final List<Panel> panels;

    private Figure(String title, double width, double height, int columns, boolean sharedX, boolean sharedY, List<Panel> panels) {
        this.title = Objects.requireNonNull(title, "Figure: title is null; use \"\" for none");
        this.width = width;
        this.height = height;
        this.columns = columns;
        this.sharedX = sharedX;
        this.sharedY = sharedY;
        this.panels = List.copyOf(panels);
    }

    /** An empty figure; {@code title} may be empty. */
    public static Figure of(String title) {
        return new Figure(title, WIDTH, HEIGHT, 1, false, false, List.of(Panel.of(title)));
    }

    /**
     * Several figures as the panels of one, row by row; the title of each stands above its panel.
     *
     * @throws IllegalArgumentException if {@code columns < 1}, there are no figures, or one of them is itself a grid
     */
    public static Figure grid(String title, int columns, Figure... figures) {
        if (columns < 1) throw new IllegalArgumentException("Figure.grid: columns is " + columns + ", expected at least 1");
        if (figures.length == 0) throw new IllegalArgumentException("Figure.grid: no figures given");
        List<Panel> panels = new ArrayList<>();
        for (Figure figure : figures) panels.add(figure.only());
        int used = Math.min(columns, figures.length);
        int rows = (figures.length + used - 1) / used;
        return new Figure(title, Math.max(WIDTH, 340 * used), rows == 1 ? 360 : 290 * rows, used, false, false, panels);
    }

    /** The title of the linear x axis, with its unit: {@code "step"}, {@code "loss (nats)"}. */
    public Figure x(String axisTitle) {
        return panel(p -> p.x(p.x().title(axisTitle).log(false)));
    }

    /** The title of the linear y axis, with its unit. */
    public Figure y(String axisTitle) {
        return panel(p -> p.y(p.y().title(axisTitle).log(false)));
    }

    /** A logarithmic x axis with this title. */
    public Figure xLog(String axisTitle) {
        return panel(p -> p.x(p.x().title(axisTitle).log(true)));
    }

    /** A logarithmic y axis with this title. */
    public Figure yLog(String axisTitle) {
        return panel(p -> p.y(p.y().title(axisTitle).log(true)));
    }

    /** Shows x from {@code lo} to {@code hi}, whatever the data. */
    public Figure xRange(double lo, double hi) {
        return panel(p -> p.x(p.x().range(range("xRange", lo, hi, p.x().log()))));
    }

    /** Shows y from {@code lo} to {@code hi}, whatever the data. */
    public Figure yRange(double lo, double hi) {
        return panel(p -> p.y(p.y().range(range("yRange", lo, hi, p.y().log()))));
    }

    /** Points joined by straight lines in the order given. */
    public Figure line(String name, double[] x, double[] y) {
        sameLength("line", name, "x", x, "y", y);
        return panel(p -> p.with(new Layer.Line(named(name), x.clone(), y.clone(), p.nextStyle())));
    }

    /** The curve of a function at these places. */
    public Figure line(String name, double[] x, DoubleUnaryOperator y) {
        return line(name, x, Arrays.stream(x).map(y).toArray());
    }

    /** Separate points. */
    public Figure scatter(String name, double[] x, double[] y) {
        sameLength("scatter", name, "x", x, "y", y);
        return panel(p -> p.with(new Layer.Scatter(named(name), x.clone(), y.clone(), null, null, p.nextStyle())));
    }

    /** Points with error bars {@code y - error} to {@code y + error}. A NaN error draws the point alone. */
    public Figure errorBars(String name, double[] x, double[] y, double[] error) {
        sameLength("errorBars", name, "x", x, "error", error);
        sameLength("errorBars", name, "x", x, "y", y);
        for (int i = 0; i < error.length; i++) {
            if (error[i] < 0) throw new IllegalArgumentException("Figure.errorBars: error of \"%s\" is %s at index %d, expected 0 or more".formatted(name, error[i], i));
        }
        double[] lo = new double[y.length];
        double[] hi = new double[y.length];
        Arrays.setAll(lo, i -> y[i] - error[i]);
        Arrays.setAll(hi, i -> y[i] + error[i]);
        return errorBars(name, x, y, lo, hi);
    }

    /** Points with error bars from {@code lo} to {@code hi}, the ends themselves, as in {@link #band}. */
    public Figure errorBars(String name, double[] x, double[] y, double[] lo, double[] hi) {
        sameLength("errorBars", name, "x", x, "y", y);
        sameLength("errorBars", name, "x", x, "lo", lo);
        sameLength("errorBars", name, "x", x, "hi", hi);
        ordered("errorBars", name, lo, hi);
        return panel(p -> p.with(new Layer.Scatter(named(name), x.clone(), y.clone(), lo.clone(), hi.clone(), p.nextStyle())));
    }

    /** The area between {@code lo} and {@code hi}; it takes the colour of the line or points added right before it. */
    public Figure band(String name, double[] x, double[] lo, double[] hi) {
        sameLength("band", name, "x", x, "lo", lo);
        sameLength("band", name, "x", x, "hi", hi);
        ordered("band", name, lo, hi);
        return panel(p -> p.with(new Layer.Band(named(name), x.clone(), lo.clone(), hi.clone(), p.bandStyle())));
    }

    /** Bars from zero over named places; several series share each place side by side. */
    public Figure bars(String name, String[] places, double[] heights) {
        return bars(name, places, heights, null);
    }

    /** Bars with error bars {@code height - error} to {@code height + error}. */
    public Figure bars(String name, String[] places, double[] heights, double[] error) {
        if (places.length != heights.length) throw new IllegalArgumentException("Figure.bars: \"%s\" has %d places and %d heights, expected as many of each".formatted(name, places.length, heights.length));
        if (error != null) sameLength("bars", name, "heights", heights, "error", error);
        double[] left = new double[heights.length];
        double[] right = new double[heights.length];
        Arrays.setAll(left, i -> i - Layer.Bars.GROUP / 2);
        Arrays.setAll(right, i -> i + Layer.Bars.GROUP / 2);
        return panel(p -> p.x(p.x().categories("bars", List.of(places), false))
            .with(new Layer.Bars(named(name), left, right, heights.clone(), error == null ? null : error.clone(), true, p.nextStyle())));
    }

    /**
     * How many of {@code values} fall into each of {@code bins} bins of equal width (on a log axis: equal ratio, so name the axis
     * first) from the smallest to the largest.
     *
     * @throws IllegalArgumentException if {@code bins < 1}, or a value is not finite
     */
    public Figure histogram(String name, double[] values, int bins) {
        return panel(p -> p.y(p.y().title().isEmpty() ? p.y().title("count") : p.y()).with(Histogram.of(named(name), values, bins, p.x().log(), p.nextStyle())));
    }

    /**
     * Colours for values on a grid; {@code name} stands beside the colour bar.
     *
     * @param x positions of the columns, ascending
     * @param y positions of the rows, ascending upwards
     * @param z one array a row: {@code z[i][j]} belongs to {@code y[i]} and {@code x[j]}
     */
    public Figure heatMap(String name, double[] x, double[] y, double[][] z) {
        Cells cells = Cells.of("heatMap", x, y, z);
        return panel(p -> p.with(heatMap(name, cells)));
    }

    /** Colours for a table with named rows, the first on top, and named columns: a confusion matrix, attention weights. */
    public Figure heatMap(String name, String[] rows, String[] columns, double[][] z) {
        Cells cells = Cells.of("heatMap", positions(columns.length), positions(rows.length), z);
        return panel(p -> p.x(p.x().categories("heatMap", List.of(columns), false)).y(p.y().categories("heatMap", List.of(rows), true)).with(heatMap(name, cells)));
    }

    private static Layer.HeatMap heatMap(String name, Cells cells) {
        Extent range = cells.range();
        if (range.isEmpty()) throw new IllegalArgumentException("Figure.heatMap: \"%s\" has no finite value".formatted(name));
        Extent shown = range.lo() < range.hi() ? range : new Extent(range.lo() - 0.5, range.hi() + 0.5);
        return new Layer.HeatMap(named(name), cells, shown, Colormap.VIRIDIS, Style.reference());
    }

    private static double[] positions(int n) {
        double[] positions = new double[n];
        Arrays.setAll(positions, i -> i);
        return positions;
    }

    /** The values at the ends of the colours of the heat map added last; values beyond take the colour of the end. */
    public Figure zRange(double lo, double hi) {
        Extent range = range("zRange", lo, hi, false);
        return panel(p -> p.replacedLast(Layer.HeatMap.class, h -> new Layer.HeatMap(h.name(), h.cells(), range, h.colormap(), h.style())));
    }

    /** Blue below zero, white at zero, red above, for the heat map added last. */
    public Figure diverging() {
        return panel(p -> p.replacedLast(Layer.HeatMap.class, h -> {
            double end = Math.max(Math.abs(h.range().lo()), Math.abs(h.range().hi()));
            return new Layer.HeatMap(h.name(), h.cells(), new Extent(-end, end), Colormap.DIVERGING, h.style());
        }));
    }

    /**
     * Lines along which values on a grid are equal, each with its value.
     *
     * @param levels ascending; none: about ten round ones
     */
    public Figure contour(String name, double[] x, double[] y, double[][] z, double... levels) {
        return contour("contour", name, x, y, z, levels, false);
    }

    /** The areas between levels in colours, with a colour bar beside which {@code name} stands. */
    public Figure filledContour(String name, double[] x, double[] y, double[][] z, double... levels) {
        return contour("filledContour", name, x, y, z, levels, true);
    }

    private Figure contour(String call, String name, double[] x, double[] y, double[][] z, double[] levels, boolean filled) {
        Cells cells = Cells.of(call, x, y, z);
        double[] at = Levels.of(call, cells, levels);
        Style style = new Style(null, Style.Dash.SOLID, filled ? 0.75 : 1.5, false);
        return panel(p -> p.with(new Layer.Contour(named(name), cells, at, filled, style)));
    }

    /** A dashed horizontal line at {@code y}, with {@code name} written at its end. */
    public Figure horizontal(String name, double y) {
        return panel(p -> p.with(new Layer.Reference(named(name), finite("horizontal", "y", y), true, Style.reference())));
    }

    /** A dashed vertical line at {@code x}, with {@code name} written at its end. */
    public Figure vertical(String name, double x) {
        return panel(p -> p.with(new Layer.Reference(named(name), finite("vertical", "x", x), false, Style.reference())));
    }

    /** {@code text} with an arrow to the point ({@code x}, {@code y}). */
    public Figure annotate(String text, double x, double y) {
        return panel(p -> p.with(new Layer.Note(named(text), finite("annotate", "x", x), finite("annotate", "y", y), Style.reference().color(Palette.INK))));
    }

    /** Draws the series added last in this colour. */
    public Figure color(Color color) {
        Objects.requireNonNull(color, "Figure.color: color is null");
        return restyled(s -> s.color(color));
    }

    /** Draws the series added last in colour {@code index} of the {@link Palette}, counted from 0: two series of one kind share a colour. */
    public Figure color(int index) {
        return color(Palette.series(index));
    }

    /** Draws the series added last with dashes. */
    public Figure dashed() {
        return restyled(s -> s.dash(Style.Dash.DASHED));
    }

    /** Draws the series added last with dots. */
    public Figure dotted() {
        return restyled(s -> s.dash(Style.Dash.DOTTED));
    }

    /** Draws the series added last with lines {@code points} wide (2 unless told). */
    public Figure lineWidth(double points) {
        return restyled(s -> s.width(points));
    }

    /** Marks the points of the line added last. */
    public Figure markers() {
        return restyled(Style::withMarkers);
    }

    /** The size in points: CSS pixels in a notebook; the PNG has twice as many pixels each way. */
    public Figure size(double width, double height) {
        if (!(width >= 120 && width <= 10_000 && height >= 120 && height <= 10_000)) {
            throw new IllegalArgumentException("Figure.size: %s x %s, expected 120 to 10000 points each way".formatted(width, height));
        }
        return new Figure(title, width, height, columns, sharedX, sharedY, panels);
    }

    /** Gives all panels of a grid the same x range. */
    public Figure sharedX() {
        return new Figure(title, width, height, columns, true, sharedY, panels);
    }

    /** Gives all panels of a grid the same y range. */
    public Figure sharedY() {
        return new Figure(title, width, height, columns, sharedX, true, panels);
    }

    /**
     * The figure as an image with two pixels to a point.
     *
     * @throws IllegalStateException if the figure is empty, or this machine has no fonts (the message says what to install)
     */
    public BufferedImage image() {
        return PngRenderer.draw(Layout.of(this));
    }

    /** The figure as a PNG file's bytes; errors as in {@link #image}. */
    public byte[] png() {
        return PngRenderer.encode(image());
    }

    /** The figure as Plotly's {@code {data, layout, config}}, in maps and lists of plain values with null for a gap. */
    public Map<String, Object> plotly() {
        return PlotlyRenderer.json(Layout.of(this));
    }

    /**
     * Writes a {@code .png} or a {@code .json} (Plotly) file, whichever the name ends in.
     *
     * @throws IOException if the file cannot be written
     */
    public Path save(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (name.endsWith(".png")) return Files.write(file, png());
        if (name.endsWith(".json")) return Files.writeString(file, new GsonBuilder().serializeNulls().disableHtmlEscaping().create().toJson(plotly()));
        throw new IllegalArgumentException("Figure.save: the name is " + name + ", expected it to end in .png or .json");
    }

    /** PNG, Plotly JSON and a description; without fonts the description says why there is no PNG. */
    @Override
    public Bundle bundle() {
        Bundle shown = Bundle.text(toString()).with(Bundle.PLOTLY, plotly());
        if (Fonts.problem() != null) return shown.with(Bundle.TEXT, this + "\n" + Fonts.problem());
        Map<String, Object> size = Map.of("width", (int) width, "height", (int) height);
        return new Bundle(shown.with(Bundle.PNG, png()).data(), Map.of(Bundle.PNG, size));
    }

    @Override
    public String toString() {
        return Description.of(this);
    }

    String title() {
        return title;
    }

    double width() {
        return width;
    }

    double height() {
        return height;
    }

    int columns() {
        return columns;
    }

    List<Panel> panels() {
        return panels;
    }

    /** What the x axis of each panel must show. */
    Extent[] xExtents() {
        return extents(sharedX, panels.stream().map(Panel::xExtent).toArray(Extent[]::new));
    }

    /** What the y axis of each panel must show. */
    Extent[] yExtents() {
        return extents(sharedY, panels.stream().map(Panel::yExtent).toArray(Extent[]::new));
    }

    private static Extent[] extents(boolean shared, Extent[] each) {
        if (shared) Arrays.fill(each, Arrays.stream(each).reduce(Extent.NONE, Extent::and));
        return each;
    }

    private Panel only() {
        if (panels.size() > 1) throw new IllegalStateException("Figure: this is a grid of " + panels.size() + " panels; add series and axes to the figures before they are put in the grid");
        return panels.getFirst();
    }

    private Figure panel(UnaryOperator<Panel> change) {
        return new Figure(title, width, height, columns, sharedX, sharedY, List.of(change.apply(only())));
    }

    private Figure restyled(UnaryOperator<Style> change) {
        return panel(p -> p.restyled(change));
    }

    private static String named(String name) {
        return Objects.requireNonNull(name, "Figure: name is null; use \"\" for a series that is not in the legend");
    }

    private static double finite(String call, String what, double value) {
        if (!Double.isFinite(value)) throw new IllegalArgumentException("Figure.%s: %s is %s, expected a finite number".formatted(call, what, value));
        return value;
    }

    private static Extent range(String call, double lo, double hi, boolean log) {
        if (!(finite(call, "lo", lo) < finite(call, "hi", hi))) throw new IllegalArgumentException("Figure.%s: %s to %s, expected lo < hi".formatted(call, lo, hi));
        if (log && lo <= 0) throw new IllegalArgumentException("Figure.%s: lo is %s, but that axis is logarithmic and shows only values above 0".formatted(call, lo));
        return new Extent(lo, hi);
    }

    private static void sameLength(String call, String name, String a, double[] x, String b, double[] y) {
        if (x.length == y.length) return;
        throw new IllegalArgumentException("Figure.%s: \"%s\" has %d values of %s and %d of %s, expected as many of each".formatted(call, name, x.length, a, y.length, b));
    }

    private static void ordered(String call, String name, double[] lo, double[] hi) {
        for (int i = 0; i < lo.length; i++) {
            if (lo[i] > hi[i]) throw new IllegalArgumentException("Figure.%s: \"%s\" has lo %s above hi %s at index %d".formatted(call, name, lo[i], hi[i], i));
        }
    }
}
