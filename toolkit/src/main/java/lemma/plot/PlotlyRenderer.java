package lemma.plot;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes a layout as Plotly's JSON. Margins are zero and every place is a fraction of the whole figure, so that axes and legends
 * stand where the PNG has them.
 *
 * @see <a href="https://plotly.com/javascript/reference/">Plotly's figure reference</a>
 */
final class PlotlyRenderer {
    private static final String FAMILY = "Helvetica Neue, Arial, Liberation Sans, sans-serif";

    /** Plotly writes powers of ten on a log axis this much larger than it is told. */
    private static final double POWER_ENLARGEMENT = 1.25;

    /** Plotly's own default rank, so that the order is that of the calls, not that of drawing. */
    private static final int FIRST_RANK = 1000;

    /** Up to so many points Plotly draws every one of a line; beyond it may leave out those that it holds for invisible. */
    private static final int SMOOTH = 5000;

    private final Layout layout;
    private final List<Object> traces = new ArrayList<>();
    private final List<Object> shapes = new ArrayList<>();
    private final List<Object> annotations = new ArrayList<>();
    private final Map<String, Object> page = new LinkedHashMap<>();

    private PlotlyRenderer(Layout layout) {
        this.layout = layout;
    }

    static Map<String, Object> json(Layout layout) {
        return new PlotlyRenderer(layout).figure();
    }

    private Map<String, Object> figure() {
        page();
        for (int i = 0; i < layout.boxes().size(); i++) panel(layout.boxes().get(i), i == 0 ? "" : Integer.toString(i + 1));
        if (layout.legend() != null) page.put("legend", legend(layout.legend()));
        page.put("shapes", shapes);
        page.put("annotations", annotations);
        return map("data", traces, "layout", page, "config", map("displaylogo", false));
    }

    private void page() {
        page.put("width", layout.width());
        page.put("height", layout.height());
        page.put("margin", map("l", 0, "r", 0, "t", 0, "b", 0, "pad", 0, "autoexpand", false));
        page.put("paper_bgcolor", "#ffffff");
        page.put("plot_bgcolor", "#ffffff");
        page.put("font", map("family", FAMILY, "size", Layout.TICK_FONT, "color", Palette.hex(Palette.INK)));
        page.put("hovermode", "closest");
        if (layout.boxes().stream().anyMatch(b -> b.panel().hasBars())) page.put("barmode", "overlay");
        page.put("showlegend", true);
        if (layout.title().isEmpty()) return;
        double left = layout.boxes().size() == 1 ? layout.boxes().getFirst().plot().x() : Layout.EDGE;
        page.put("title", map("text", "<b>" + RichText.html(layout.title()) + "</b>", "font", map("size", Layout.TITLE_FONT),
            "x", left / layout.width(), "xanchor", "left", "y", up(Layout.TITLE_MIDDLE), "yanchor", "middle"));
    }

    private double up(double y) {
        return 1 - y / layout.height();
    }

    private void panel(Box box, String number) {
        Rect plot = box.plot();
        Axis x = box.panel().x();
        Axis y = box.panel().y();
        page.put("xaxis" + number, axis(x, box.x(), box.xTicks(), "y" + number, plot.x() / layout.width(), plot.right() / layout.width(), box));
        page.put("yaxis" + number, axis(y, box.y(), box.yTicks(), "x" + number, up(plot.bottom()), up(plot.y()), box));
        if (box.legend() != null) page.put("legend" + number, legend(box.legend()));
        List<String> listed = (layout.legend() == null ? Legend.entries(box.panel()) : number.isEmpty() ? layout.legend().entries() : List.<Layer>of()).stream().map(Legend::key).toList();
        for (Layer layer : box.panel().placed()) layer(box, layer, number, Legend.lists(layer) ? listed.indexOf(Legend.key(layer)) : -1);
        if (layout.boxes().size() > 1 && !box.panel().title().isEmpty()) annotations.add(panelTitle(box));
    }

    private Map<String, Object> panelTitle(Box box) {
        Rect plot = box.plot();
        return map("text", "<b>" + RichText.html(box.panel().title()) + "</b>", "font", map("size", Layout.PANEL_FONT), "showarrow", false, "xref", "paper", "yref", "paper",
            "x", (plot.x() + plot.width() / 2) / layout.width(), "y", up(plot.y() - 10), "xanchor", "center", "yanchor", "bottom", "borderpad", 0, "yshift", -4);
    }

    private static Map<String, Object> axis(Axis axis, Scale scale, Ticks ticks, String anchor, double from, double to, Box box) {
        String ink = Palette.hex(Palette.INK);
        Map<String, Object> json = map("type", axis.log() ? "log" : "linear", "range", List.of(position(axis, scale.lo()), position(axis, scale.hi())),
            "domain", List.of(from, to), "anchor", anchor, "ticks", "outside", "ticklen", Layout.TICK, "tickwidth", 1, "tickcolor", ink, "showline", true, "linewidth", 1, "linecolor", ink,
            "showgrid", false, "zeroline", false,
            "exponentformat", "power", "minexponent", Ticks.PLAIN_EXPONENT, "separatethousands", true);
        if (box.panel().fillsPanel()) json.put("mirror", true);
        else if (!axis.isCategorical()) json.putAll(map("showgrid", true, "gridcolor", Palette.hex(Palette.GRID), "gridwidth", 1));
        if (!axis.title().isEmpty()) json.put("title", map("text", RichText.html(axis.title()), "font", map("size", Layout.AXIS_FONT), "standoff", anchor.startsWith("y") ? 9 : 5));
        json.put("tickangle", anchor.startsWith("y") && box.slanted() ? -Math.toDegrees(Layout.SLANT) : 0);
        if (ticks.hint() > 0 && !ticks.minorStep().isEmpty()) json.put("tickfont", map("size", Layout.TICK_FONT / POWER_ENLARGEMENT));
        ticks(axis, ticks, json);
        return json;
    }

    private static void ticks(Axis axis, Ticks ticks, Map<String, Object> json) {
        if (ticks.hint() > 0) {
            json.put("nticks", ticks.hint());
        } else {
            json.put("tickmode", "array");
            json.put("tickvals", ticks.major().stream().map(Ticks.Tick::value).toList());
            json.put("ticktext", ticks.major().stream().map(t -> axis.isCategorical() ? RichText.html(t.label()) : t.label()).toList());
        }
        if (ticks.minor().isEmpty()) return;
        Map<String, Object> minor = map("ticks", "outside", "ticklen", 0.6 * Layout.TICK, "tickwidth", 0.75, "tickcolor", Palette.hex(Palette.INK), "showgrid", false);
        if (ticks.minorStep().equals("D1")) minor.put("dtick", "D1");
        else if (!ticks.minorStep().isEmpty()) minor.put("dtick", 1);
        else minor.putAll(map("tickmode", "array", "tickvals", ticks.minor()));
        json.put("minor", minor);
    }

    /** Ranges and annotations on a log axis are given as log10; trace values and shapes are not. */
    private static double position(Axis axis, double value) {
        return axis.log() ? Math.log10(value) : value;
    }

    private Map<String, Object> legend(Legend legend) {
        return map("x", legend.x() / layout.width(), "y", up(legend.y()), "xanchor", legend.anchorX() == 0 ? "left" : legend.anchorX() == 1 ? "right" : "center",
            "yanchor", legend.anchorY() == 0 ? "top" : legend.anchorY() == 1 ? "bottom" : "middle", "bgcolor", "rgba(255,255,255,0.9)",
            "bordercolor", Palette.hex(Palette.GRID), "borderwidth", 1, "font", map("size", Legend.FONT), "traceorder", "normal");
    }

    private void layer(Box box, Layer layer, String number, int rank) {
        switch (layer) {
            case Layer.Line l -> trace(l, number, rank, line(l));
            case Layer.Scatter s -> trace(s, number, rank, scatter(s));
            case Layer.Band b -> trace(b, number, rank, band(b));
            case Layer.Bars b -> trace(b, number, rank, bars(box, b));
            case Layer.Reference r -> reference(box, r, number);
            case Layer.Note n -> annotations.add(note(box, n, number));
            case Layer.HeatMap h -> {
                if (h.cells().hasHoles()) shapes.add(behind(box, h, number));
                trace(h, number, rank, heatMap(box, h));
            }
            case Layer.Contour c -> contour(box, c, number);
        }
    }

    private void trace(Layer layer, String number, int rank, Map<String, Object> json) {
        json.put("name", RichText.html(layer.name()));
        json.put("xaxis", "x" + number);
        json.put("yaxis", "y" + number);
        json.put("showlegend", rank >= 0);
        if (rank >= 0) json.put("legendrank", FIRST_RANK + rank);
        if (layout.legend() != null && Legend.lists(layer)) json.put("legendgroup", Legend.key(layer));
        else if (!number.isEmpty()) json.put("legend", "legend" + number);
        traces.add(json);
    }

    private static Map<String, Object> stroke(Style style) {
        return map("color", Palette.hex(style.color()), "width", style.width(), "dash", style.dash().plotly);
    }

    private static Map<String, Object> marker(Style style, double diameter, double opacity) {
        return map("color", Palette.hex(style.color()), "size", diameter, "opacity", opacity, "line", map("color", "#ffffff", "width", opacity == 1 ? 0.75 : 0));
    }

    private static Map<String, Object> line(Layer.Line l) {
        Map<String, Object> stroke = stroke(l.style());
        stroke.put("simplify", l.xs().length > SMOOTH);
        Map<String, Object> json = map("type", "scatter", "mode", l.style().markers() ? "lines+markers" : "lines", "x", gaps(l.xs()), "y", gaps(l.ys()), "line", stroke);
        if (l.style().markers()) json.put("marker", marker(l.style(), Layer.Scatter.DIAMETER, 1));
        return json;
    }

    private static Map<String, Object> scatter(Layer.Scatter s) {
        Map<String, Object> json = map("type", "scatter", "mode", "markers", "x", gaps(s.xs()), "y", gaps(s.ys()), "marker", marker(s.style(), s.diameter(), s.opacity()));
        if (!s.hasErrors()) return json;
        double[] above = new double[s.ys().length];
        double[] below = new double[s.ys().length];
        Arrays.setAll(above, i -> s.hi()[i] - s.ys()[i]);
        Arrays.setAll(below, i -> s.ys()[i] - s.lo()[i]);
        json.put("error_y", errors(gaps(above), gaps(below), s.style()));
        return json;
    }

    private static Map<String, Object> errors(List<Double> above, List<Double> below, Style style) {
        return map("type", "data", "symmetric", false, "array", above, "arrayminus", below, "color", Palette.hex(style.color()), "thickness", 1.5, "width", 4);
    }

    private static Map<String, Object> band(Layer.Band b) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int[] run : Layer.Line.runs(b.xs(), b.lo(), b.hi())) {
            if (!x.isEmpty()) {
                x.add(null);
                y.add(null);
            }
            for (int i = run[0]; i < run[1]; i++) {
                x.add(b.xs()[i]);
                y.add(b.lo()[i]);
            }
            for (int i = run[1] - 1; i >= run[0]; i--) {
                x.add(b.xs()[i]);
                y.add(b.hi()[i]);
            }
        }
        return map("type", "scatter", "mode", "lines", "x", x, "y", y, "fill", "toself", "fillcolor", Palette.rgba(b.style().color(), Layer.Band.OPACITY),
            "line", map("width", 0, "color", Palette.hex(b.style().color())), "hoverinfo", "skip");
    }

    private static Map<String, Object> bars(Box box, Layer.Bars b) {
        int n = b.heights().length;
        double[] middle = new double[n];
        double[] width = new double[n];
        Arrays.setAll(middle, i -> (b.left()[i] + b.right()[i]) / 2);
        Arrays.setAll(width, i -> b.right()[i] - b.left()[i]);
        Map<String, Object> json = map("type", "bar", "x", gaps(middle), "y", gaps(b.heights()), "width", gaps(width),
            "marker", map("color", Palette.hex(b.style().color()), "opacity", b.opacity(), "line", map("color", "#ffffff", "width", 0.75)));
        if (b.error() != null) json.put("error_y", errors(gaps(b.error()), gaps(b.error()), b.style().color(Palette.INK)));
        return json;
    }

    private Map<String, Object> heatMap(Box box, Layer.HeatMap h) {
        Map<String, Object> json = map("type", "heatmap", "x", gaps(h.cells().xEdges(box.x().log())), "y", gaps(h.cells().yEdges(box.y().log())), "z", rows(h.cells()),
            "zmin", h.range().lo(), "zmax", h.range().hi(), "colorscale", h.colormap().plotly(), "showscale", box.colorBar().layer() == h, "hoverongaps", false);
        if (box.colorBar().layer() == h) json.put("colorbar", colorBar(box.colorBar(), h.range()));
        return json;
    }

    private static Map<String, Object> behind(Box box, Layer.HeatMap h, String number) {
        Extent x = Extent.of(h.cells().xEdges(box.x().log()));
        Extent y = Extent.of(h.cells().yEdges(box.y().log()));
        return map("type", "rect", "layer", "below", "xref", "x" + number, "yref", "y" + number, "x0", x.lo(), "x1", x.hi(), "y0", y.lo(), "y1", y.hi(),
            "fillcolor", Palette.hex(Palette.MISSING), "line", map("width", 0));
    }

    private static List<Object> rows(Cells cells) {
        return Arrays.stream(cells.z()).<Object>map(PlotlyRenderer::gaps).toList();
    }

    private Map<String, Object> colorBar(ColorBar key, Extent range) {
        Rect bar = key.bar();
        double length = range.hi() - range.lo();
        Map<String, Object> json = map("x", bar.x() / layout.width(), "xanchor", "left", "xpad", 0, "y", up(bar.bottom()), "yanchor", "bottom", "ypad", 0, "lenmode", "fraction", "len", bar.height() / layout.height(),
            "thickness", ColorBar.WIDTH, "outlinewidth", 0, "ticks", "outside", "ticklen", Layout.TICK, "tickcolor", Palette.hex(Palette.INK), "tickmode", "array",
            "tickvals", key.ticks().stream().map(t -> range.lo() + t.value() * length).toList(), "ticktext", key.ticks().stream().map(Ticks.Tick::label).toList());
        if (!key.layer().name().isEmpty()) annotations.add(title(key));
        return json;
    }

    /** Plotly would put the colour bar's own title too close to its labels. */
    private Map<String, Object> title(ColorBar key) {
        Rect bar = key.bar();
        return map("text", RichText.html(key.layer().name()), "font", map("size", Layout.AXIS_FONT), "textangle", -90, "showarrow", false, "xref", "paper", "yref", "paper",
            "x", key.titleX() / layout.width(), "xanchor", "center", "y", up(bar.y() + bar.height() / 2), "yanchor", "middle", "borderpad", 0);
    }

    /** Areas and lines are drawn from the points that the PNG uses; an invisible heat map answers the pointer with the value. */
    private void contour(Box box, Layer.Contour c, String number) {
        Isolines isolines = new Isolines(box, c);
        if (c.filled()) {
            area(c, isolines.region(Double.NEGATIVE_INFINITY), c.areaColor(0), number);
            for (int k = 0; k < c.levels().length; k++) area(c, isolines.region(c.levels()[k]), c.areaColor(k + 1), number);
        }
        for (int k = 0; k < c.levels().length; k++) {
            String color = c.filled() ? Palette.rgba(Color.WHITE, Layer.Contour.EDGE_OPACITY) : Palette.hex(c.lineColor(k));
            List<double[][]> lines = isolines.lines(c.levels()[k]);
            if (lines.isEmpty()) continue;
            Map<String, Object> json = joined(lines);
            json.put("line", map("color", color, "width", c.style().width(), "dash", c.style().dash().plotly, "simplify", false));
            trace(c, number, -1, json);
        }
        trace(c, number, -1, map("type", "heatmap", "x", gaps(c.cells().xs()), "y", gaps(c.cells().ys()), "z", rows(c.cells()), "opacity", 0, "showscale", false, "hoverongaps", false));
        if (box.colorBar() != null && box.colorBar().layer() == c) trace(c, number, -1, steps(box.colorBar(), c));
        if (c.filled()) return;
        for (Label label : isolines.labels()) annotations.add(lineLabel(box, label, number));
    }

    private void area(Layer.Contour c, List<double[][]> rings, Color color, String number) {
        if (rings.isEmpty()) return;
        Map<String, Object> json = joined(rings);
        json.putAll(map("fill", "toself", "fillcolor", Palette.hex(color), "line", map("width", 0, "simplify", false)));
        trace(c, number, -1, json);
    }

    private static Map<String, Object> joined(List<double[][]> lines) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (double[][] line : lines) {
            if (!x.isEmpty()) {
                x.add(null);
                y.add(null);
            }
            x.addAll(gaps(line[0]));
            y.addAll(gaps(line[1]));
        }
        return map("type", "scatter", "mode", "lines", "x", x, "y", y, "hoverinfo", "skip");
    }

    /** A trace without points that carries the stepped colour bar. */
    private Map<String, Object> steps(ColorBar key, Layer.Contour c) {
        List<Object> scale = new ArrayList<>();
        int areas = c.levels().length + 1;
        for (int k = 0; k < areas; k++) {
            scale.add(List.of((double) k / areas, Palette.hex(c.areaColor(k))));
            scale.add(List.of((k + 1.0) / areas, Palette.hex(c.areaColor(k))));
        }
        return map("type", "scatter", "mode", "markers", "x", gaps(new double[] {Double.NaN}), "y", gaps(new double[] {Double.NaN}), "hoverinfo", "skip",
            "marker", map("color", List.of(0), "cmin", 0, "cmax", 1, "colorscale", scale, "showscale", true, "colorbar", colorBar(key, new Extent(0, 1))));
    }

    private Map<String, Object> lineLabel(Box box, Label label, String number) {
        return map("text", label.text(), "font", map("size", Isolines.FONT), "showarrow", false, "bgcolor", "rgba(255,255,255,0.8)", "borderpad", 0, "xref", "x" + number, "yref", "y" + number,
            "x", position(box.panel().x(), box.x().invert(label.x())), "y", position(box.panel().y(), box.y().invert(label.y())), "xanchor", "center", "yanchor", "middle");
    }

    private void reference(Box box, Layer.Reference r, String number) {
        Map<String, Object> line = stroke(r.style());
        shapes.add(r.horizontal()
            ? map("type", "line", "xref", "x" + number + " domain", "x0", 0, "x1", 1, "yref", "y" + number, "y0", r.value(), "y1", r.value(), "line", line)
            : map("type", "line", "yref", "y" + number + " domain", "y0", 0, "y1", 1, "xref", "x" + number, "x0", r.value(), "x1", r.value(), "line", line));
        Label label = Label.of(box, r);
        if (label == null) return;
        Map<String, Object> text = text(label, r.style());
        double x = box.x().at(r.value());
        if (r.horizontal()) text.putAll(map("xref", "x" + number + " domain", "x", 1, "xshift", -4, "yref", "y" + number, "y", position(box.panel().y(), r.value()), "yshift", label.anchorY() == 1 ? 3 : -3));
        else text.putAll(map("yref", "y" + number + " domain", "y", 1, "yshift", -3, "xref", "x" + number, "x", position(box.panel().x(), r.value()), "xshift", label.x() - x));
        text.put("showarrow", false);
        annotations.add(text);
    }

    private Map<String, Object> note(Box box, Layer.Note n, String number) {
        Label label = Label.of(box, n);
        Map<String, Object> json = text(label, n.style());
        json.putAll(map("xref", "x" + number, "yref", "y" + number, "x", position(box.panel().x(), n.atX()), "y", position(box.panel().y(), n.atY()),
            "showarrow", true, "ax", label.x() - label.tipX(), "ay", label.y() - label.tipY(), "arrowhead", 2, "arrowsize", 1, "arrowwidth", 1, "standoff", 4, "arrowcolor", Palette.hex(n.style().color())));
        return json;
    }

    private static Map<String, Object> text(Label label, Style style) {
        return map("text", RichText.html(label.text()), "font", map("size", Label.FONT, "color", Palette.hex(style.color())), "borderpad", 0, "bgcolor", "rgba(255,255,255,0.7)",
            "xanchor", label.anchorX() == 0 ? "left" : "right", "yanchor", label.anchorY() == 0 ? "top" : label.anchorY() == 1 ? "bottom" : "middle");
    }

    private static List<Double> gaps(double[] values) {
        return Arrays.stream(values).mapToObj(v -> Double.isFinite(v) ? v : null).collect(Collectors.toCollection(ArrayList::new));
    }

    /** A map from alternating keys and values, in that order. */
    private static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) map.put((String) pairs[i], pairs[i + 1]);
        return map;
    }
}
