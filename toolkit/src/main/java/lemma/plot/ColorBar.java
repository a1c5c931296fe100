package lemma.plot;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/**
 * The key of a heat map or of filled contours, right of its panel.
 *
 * @param layer what it explains
 * @param bar the coloured part
 * @param ticks labels at fractions of its height, from 0 at the foot to 1
 */
record ColorBar(Layer layer, Rect bar, List<Ticks.Tick> ticks) {
    static final double GAP = 14;
    static final double WIDTH = 14;

    private static final double TITLE = 24;
    private static final double TICK_EVERY = 45;

    /** The first layer of the panel that needs a key, or null. */
    static Layer explained(Panel panel) {
        return panel.layers().stream().filter(l -> l instanceof Layer.HeatMap || l instanceof Layer.Contour c && c.filled()).findFirst().orElse(null);
    }

    static ColorBar of(Layer layer, Rect plot) {
        return new ColorBar(layer, new Rect(plot.right() + GAP, plot.y(), WIDTH, plot.height()), ticks(layer, plot.height()));
    }

    /** The width of all of it, from the panel's right side on. */
    static double room(Layer layer, double height) {
        return GAP + WIDTH + Layout.TICK + 4 + labels(ticks(layer, height)) + (layer.name().isEmpty() ? 0 : TITLE);
    }

    /** The middle of the upright title. */
    double titleX() {
        return bar.right() + Layout.TICK + 4 + labels(ticks) + TITLE / 2;
    }

    private static double labels(List<Ticks.Tick> ticks) {
        return ticks.stream().mapToDouble(t -> RichText.width(t.label(), Layout.TICK_FONT)).max().orElse(0);
    }

    private static List<Ticks.Tick> ticks(Layer layer, double height) {
        return switch (layer) {
            case Layer.HeatMap h -> Ticks.linear(h.range().lo(), h.range().hi(), hint(height)).major().stream()
                .map(t -> new Ticks.Tick((t.value() - h.range().lo()) / (h.range().hi() - h.range().lo()), t.label())).toList();
            case Layer.Contour c -> boundaries(c);
            default -> List.of();
        };
    }

    private static int hint(double height) {
        return (int) Math.max(3, height / TICK_EVERY);
    }

    private static List<Ticks.Tick> boundaries(Layer.Contour c) {
        List<Ticks.Tick> ticks = new ArrayList<>();
        for (int k = 0; k < c.levels().length; k++) ticks.add(new Ticks.Tick((k + 1.0) / (c.levels().length + 1), c.labels().get(k)));
        return ticks;
    }

    /** The colour at fraction {@code t} of the height. */
    Color at(double t) {
        return switch (layer) {
            case Layer.HeatMap h -> h.colormap().at(t);
            case Layer.Contour c -> c.areaColor((int) Math.min(t * (c.levels().length + 1), c.levels().length));
            default -> Palette.MISSING;
        };
    }
}
