package lemma.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where everything stands, in points. Both renderings draw from it, so the same value lies at the same place in both. It uses no
 * fonts: text widths are the usual ones of a Helvetica-like face.
 *
 * @param legend the legend that all panels share, or null
 */
record Layout(double width, double height, String title, List<Box> boxes, Legend legend) {
    static final double TITLE_FONT = 16;
    static final double TITLE_MIDDLE = 22;
    static final double PANEL_FONT = 13.5;
    static final double AXIS_FONT = 13.5;
    static final double TICK_FONT = 12;
    static final double TICK = 5;
    static final double EDGE = 14;
    static final double SLANT = Math.toRadians(35);

    private static final double X_TICK_EVERY = 90;
    private static final double Y_TICK_EVERY = 45;
    private static final double POWER_EVERY = 45;
    private static final double LEGEND_INSET = 10;

    /** Space around the axes of a panel. */
    private record Margin(double left, double top, double right, double bottom) {
        Margin max(Margin o) {
            return o == null ? this : new Margin(Math.max(left, o.left), Math.max(top, o.top), Math.max(right, o.right), Math.max(bottom, o.bottom));
        }
    }

    static Layout of(Figure figure) {
        List<Panel> panels = figure.panels();
        panels.forEach(Panel::requireData);
        boolean single = panels.size() == 1;
        List<Layer> shared = single ? List.of() : sharedEntries(panels);
        if (!shared.isEmpty()) return withLegendBeside(figure, shared);
        List<Box> boxes = place(figure, 0);
        List<Box> done = new ArrayList<>();
        for (Box box : boxes) {
            List<Layer> entries = Legend.entries(box.panel());
            if (entries.isEmpty()) {
                done.add(box);
                continue;
            }
            Legend free = inside(box, entries, single);
            if (free == null) return withLegendBeside(figure, entries);
            done.add(box.legend(free));
        }
        return new Layout(figure.width(), figure.height(), figure.title(), List.copyOf(done), null);
    }

    private static Layout withLegendBeside(Figure figure, List<Layer> entries) {
        double room = Legend.width(entries) + LEGEND_INSET;
        List<Box> boxes = place(figure, room);
        Legend legend = new Legend(entries, figure.width() - EDGE / 2 - Legend.width(entries), boxes.getFirst().plot().y(), 0, 0);
        return new Layout(figure.width(), figure.height(), figure.title(), boxes, legend);
    }

    /** The entries of the first panel when every panel has the same ones. */
    private static List<Layer> sharedEntries(List<Panel> panels) {
        List<Layer> first = Legend.entries(panels.getFirst());
        List<String> looks = looks(first);
        return panels.stream().allMatch(p -> looks(Legend.entries(p)).equals(looks)) ? first : List.of();
    }

    private static List<String> looks(List<Layer> entries) {
        return entries.stream().map(Legend::key).toList();
    }

    private static List<Box> place(Figure figure, double roomRight) {
        List<Panel> panels = figure.panels();
        int columns = figure.columns();
        int rows = (panels.size() + columns - 1) / columns;
        double top = figure.title().isEmpty() ? EDGE / 2 : 32;
        double cellWidth = (figure.width() - roomRight) / columns;
        double cellHeight = (figure.height() - top) / rows;
        Extent[] xs = figure.xExtents();
        Extent[] ys = figure.yExtents();
        boolean titled = panels.size() > 1;
        Margin[] byColumn = new Margin[columns];
        Margin[] byRow = new Margin[rows];
        for (int i = 0; i < panels.size(); i++) {
            Margin margin = margin(panels.get(i), xs[i], ys[i], cellWidth, cellHeight, titled);
            byColumn[i % columns] = margin.max(byColumn[i % columns]);
            byRow[i / columns] = margin.max(byRow[i / columns]);
        }
        double plotWidth = Math.floor((figure.width() - roomRight - Arrays.stream(byColumn).mapToDouble(m -> m.left + m.right).sum()) / columns);
        double plotHeight = Math.floor((figure.height() - top - Arrays.stream(byRow).mapToDouble(m -> m.top + m.bottom).sum()) / rows);
        if (plotWidth < 40 || plotHeight < 40) throw tooSmall(figure);
        List<Box> boxes = new ArrayList<>();
        double y = top;
        for (int row = 0; row < rows; row++) {
            double x = 0;
            for (int i = row * columns; i < Math.min(panels.size(), (row + 1) * columns); i++) {
                Margin across = byColumn[i % columns];
                boxes.add(box(panels.get(i), xs[i], ys[i], new Rect(Math.round(x + across.left), Math.round(y + byRow[row].top), plotWidth, plotHeight)));
                x += across.left + plotWidth + across.right;
            }
            y += byRow[row].top + plotHeight + byRow[row].bottom;
        }
        return boxes;
    }

    private static IllegalStateException tooSmall(Figure figure) {
        return new IllegalStateException("Figure: %d panels in %d columns leave no room for the axes in a figure of %.0f x %.0f points; make it larger with .size(width, height)"
            .formatted(figure.panels().size(), figure.columns(), figure.width(), figure.height()));
    }

    private static Margin margin(Panel panel, Extent x, Extent y, double width, double height, boolean titled) {
        double top = titled && !panel.title().isEmpty() ? 30 : EDGE;
        double bottom = EDGE / 2 + TICK + 4 + 1.2 * TICK_FONT + (panel.x().title().isEmpty() ? 0 : 24) + slantedRoom(panel, width);
        Ticks yTicks = yTicks(panel, panel.yScale(y, 0, 1), height - top - bottom);
        double labels = yTicks.major().stream().mapToDouble(t -> RichText.width(t.label(), TICK_FONT)).max().orElse(0);
        double left = EDGE / 2 + (panel.y().title().isEmpty() ? 0 : 24) + labels + TICK + 4;
        Ticks xTicks = xTicks(panel, panel.xScale(x, 0, 1), width - left - EDGE);
        Layer explained = ColorBar.explained(panel);
        double key = explained == null ? 0 : ColorBar.room(explained, height - top - bottom) + EDGE / 2;
        double overhang = xTicks.major().isEmpty() ? 0 : RichText.width(xTicks.major().getLast().label(), TICK_FONT) / 2;
        return new Margin(left, top, Math.max(key, Math.max(EDGE, panel.x().isCategorical() ? 0 : overhang + 4)), bottom);
    }

    private static double slantedRoom(Panel panel, double width) {
        return slanted(panel, width - 60) ? slantedDrop(panel) : 0;
    }

    /** How far turned labels reach below upright ones. */
    static double slantedDrop(Panel panel) {
        return widestCategory(panel) * Math.sin(SLANT);
    }

    private static boolean slanted(Panel panel, double plotWidth) {
        return panel.x().isCategorical() && widestCategory(panel) > 0.95 * plotWidth / panel.x().categories().size();
    }

    private static double widestCategory(Panel panel) {
        return panel.x().categories().stream().mapToDouble(c -> RichText.width(c, TICK_FONT)).max().orElse(0);
    }

    private static Box box(Panel panel, Extent xs, Extent ys, Rect plot) {
        Scale x = panel.xScale(xs, plot.x(), plot.right());
        Scale y = panel.yScale(ys, plot.bottom(), plot.y());
        Layer explained = ColorBar.explained(panel);
        ColorBar key = explained == null ? null : ColorBar.of(explained, plot);
        return new Box(panel, plot, x, y, xTicks(panel, x, plot.width()), yTicks(panel, y, plot.height()), slanted(panel, plot.width()), key, null);
    }

    private static Ticks xTicks(Panel panel, Scale scale, double length) {
        return Ticks.of(panel.x(), scale, count(length, X_TICK_EVERY), count(length, POWER_EVERY));
    }

    private static Ticks yTicks(Panel panel, Scale scale, double length) {
        return Ticks.of(panel.y(), scale, count(length, Y_TICK_EVERY), count(length, POWER_EVERY));
    }

    private static int count(double length, double every) {
        return (int) Math.max(3, length / every);
    }

    /** The legend in the first corner or side where it covers nothing; none: null when it may stand beside the axes, else where it covers least. */
    private static Legend inside(Box box, List<Layer> entries, boolean mayStandBeside) {
        double width = Legend.width(entries);
        double height = Legend.height(entries);
        List<double[]> ink = Ink.of(box);
        double[][] anchors = {{1, 0}, {0, 0}, {1, 1}, {0, 1}, {1, 0.5}, {0, 0.5}, {0.5, 0}, {0.5, 1}};
        Legend best = null;
        long fewest = Long.MAX_VALUE;
        for (double[] a : anchors) {
            Rect plot = box.plot().grown(-LEGEND_INSET);
            double x = plot.x() + a[0] * plot.width();
            double y = plot.y() + a[1] * plot.height();
            Rect covered = new Rect(x - a[0] * width, y - a[1] * height, width, height).grown(5);
            long hits = ink.stream().filter(p -> covered.contains(p[0], p[1])).count();
            if (hits >= fewest) continue;
            fewest = hits;
            best = new Legend(entries, x, y, a[0], a[1]);
        }
        boolean fits = width < 0.7 * box.plot().width() && height < 0.9 * box.plot().height();
        return mayStandBeside && (fewest > 0 || !fits) ? null : best;
    }
}
