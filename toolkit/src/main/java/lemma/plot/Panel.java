package lemma.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** One pair of axes and what is drawn in it. */
record Panel(String title, Axis x, Axis y, List<Layer> layers) {
    private static final double PAD = 0.04;

    static Panel of(String title) {
        return new Panel(title, Axis.PLAIN, Axis.PLAIN, List.of());
    }

    Panel x(Axis next) {
        Panel panel = new Panel(title, next, y, layers);
        layers.forEach(panel::check);
        return panel;
    }

    Panel y(Axis next) {
        Panel panel = new Panel(title, x, next, layers);
        layers.forEach(panel::check);
        return panel;
    }

    Panel with(Layer layer) {
        check(layer);
        List<Layer> more = new ArrayList<>(layers);
        more.add(layer);
        return new Panel(title, x, y, List.copyOf(more));
    }

    Panel restyled(UnaryOperator<Style> change) {
        if (layers.isEmpty()) throw new IllegalStateException("Figure: there is no series yet whose look could change; add one first");
        List<Layer> next = new ArrayList<>(layers);
        Layer last = next.removeLast();
        next.add(last.style(change.apply(last.style())));
        return new Panel(title, x, y, List.copyOf(next));
    }

    /** This panel with its last layer changed, which must be of {@code kind}. */
    <T extends Layer> Panel replacedLast(Class<T> kind, UnaryOperator<T> change) {
        if (layers.isEmpty() || !kind.isInstance(layers.getLast())) throw new IllegalStateException("Figure: zRange and diverging belong right after a heatMap");
        List<Layer> next = new ArrayList<>(layers);
        next.add(change.apply(kind.cast(next.removeLast())));
        return new Panel(title, x, y, List.copyOf(next));
    }

    /** The style of a new series: the next palette colour. */
    Style nextStyle() {
        long coloured = layers.stream().filter(l -> l instanceof Layer.Line || l instanceof Layer.Scatter || l instanceof Layer.Bars || ownsColour(l)).count();
        return Style.ofSeries((int) coloured);
    }

    /** The style of a new band: that of the line or markers right before it, else the next palette colour. */
    Style bandStyle() {
        if (layers.isEmpty()) return nextStyle();
        Layer last = layers.getLast();
        return last instanceof Layer.Line || last instanceof Layer.Scatter ? last.style() : nextStyle();
    }

    private boolean ownsColour(Layer layer) {
        if (!(layer instanceof Layer.Band)) return false;
        int at = layers.indexOf(layer);
        return at == 0 || !(layers.get(at - 1) instanceof Layer.Line || layers.get(at - 1) instanceof Layer.Scatter);
    }

    /** The layers from the undermost to the topmost: bands lie under all others, bars over categories stand side by side. */
    List<Layer> placed() {
        int slots = (int) layers.stream().filter(Panel::isGrouped).count();
        List<Layer> under = new ArrayList<>();
        List<Layer> above = new ArrayList<>();
        int slot = 0;
        for (Layer layer : layers) {
            Layer placed = isGrouped(layer) ? ((Layer.Bars) layer).inSlot(slot++, slots) : layer;
            (layer instanceof Layer.Band ? under : above).add(placed);
        }
        under.addAll(above);
        return under;
    }

    private static boolean isGrouped(Layer layer) {
        return layer instanceof Layer.Bars bars && bars.grouped();
    }

    Extent xExtent() {
        Extent all = layers.stream().map(l -> l instanceof Layer.HeatMap h ? Extent.of(h.cells().xEdges(x.log())) : l.x()).reduce(Extent.NONE, Extent::and);
        return x.log() ? positive(all, true) : all;
    }

    Extent yExtent() {
        Extent all = layers.stream().map(l -> l instanceof Layer.HeatMap h ? Extent.of(h.cells().yEdges(y.log())) : l.y()).reduce(Extent.NONE, Extent::and);
        if (y.log()) return positive(all, false);
        return hasBars() ? all.and(new Extent(0, 0)) : all;
    }

    /** On a log axis the lower end of an error bar or an empty bar may be zero or less; it is cut at the smallest positive value. */
    private Extent positive(Extent all, boolean horizontal) {
        if (all.lo() > 0) return all;
        Extent positive = Extent.NONE;
        for (Layer layer : layers) {
            double[] values = switch (layer) {
                case Layer.Scatter s -> horizontal ? s.xs() : s.ys();
                case Layer.Bars b -> horizontal ? b.left() : b.heights();
                default -> new double[] {(horizontal ? layer.x() : layer.y()).lo()};
            };
            for (double v : values) {
                if (v > 0) positive = positive.and(Extent.of(v));
            }
        }
        return new Extent(positive.lo(), Math.max(all.hi(), positive.hi()));
    }

    Scale xScale(Extent shown, double from, double to) {
        return x.scale(shown, pad(), pad(), from, to);
    }

    Scale yScale(Extent shown, double from, double to) {
        boolean bars = hasBars() && !y.log();
        return y.scale(shown, bars && shown.lo() == 0 ? 0 : pad(), bars && shown.hi() == 0 ? 0 : pad(), from, to);
    }

    private double pad() {
        return fillsPanel() ? 0 : PAD;
    }

    boolean hasBars() {
        return layers.stream().anyMatch(Layer.Bars.class::isInstance);
    }

    /** Whether a heat map or a contour covers the panel, so that grid lines and padding would only disturb. */
    boolean fillsPanel() {
        return layers.stream().anyMatch(l -> l instanceof Layer.HeatMap || l instanceof Layer.Contour);
    }

    void requireData() {
        if (xExtent().isEmpty() && !x.isCategorical() || yExtent().isEmpty() && !y.isCategorical()) throw new IllegalStateException(nothing());
        x.requireDrawable("x", xExtent());
        y.requireDrawable("y", yExtent());
    }

    private String nothing() {
        String where = title.isEmpty() ? "Figure" : "Figure \"" + title + "\"";
        if (layers.isEmpty()) return where + ": nothing to draw; add a series, for example .line(\"fit\", x, y)";
        return where + ": no finite point in " + layers.stream().map(l -> l.kind() + " \"" + l.name() + "\"").toList();
    }

    private void check(Layer layer) {
        if (x.log()) LogCheck.x(layer);
        if (y.log()) LogCheck.y(layer);
    }
}
