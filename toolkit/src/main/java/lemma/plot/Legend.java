package lemma.plot;

import java.util.List;

/**
 * A legend and where it stands: the point ({@code x}, {@code y}) of the figure is the place in the box that the anchors name
 * (0 left or top, 0.5 middle, 1 right or bottom).
 */
record Legend(List<Layer> entries, double x, double y, double anchorX, double anchorY) {
    static final double FONT = 12;
    static final double ROW = 19;
    static final double PAD = 7;
    static final double SWATCH = 26;
    static final double GAP = 7;

    /** The entries of a panel: the named series in the order of the calls. */
    static List<Layer> entries(Panel panel) {
        return panel.layers().stream().filter(Legend::lists).toList();
    }

    static boolean lists(Layer layer) {
        return !layer.name().isEmpty() && (layer instanceof Layer.Line || layer instanceof Layer.Scatter || layer instanceof Layer.Band || layer instanceof Layer.Bars);
    }

    /** What makes an entry the same as another: its kind, name and look. */
    static String key(Layer entry) {
        return entry.kind() + " " + entry.name() + " " + Palette.hex(entry.style().color()) + " " + entry.style().dash();
    }

    static double width(List<Layer> entries) {
        double text = entries.stream().mapToDouble(e -> RichText.width(e.name(), FONT)).max().orElse(0);
        return 2 * PAD + SWATCH + GAP + text;
    }

    static double height(List<Layer> entries) {
        return 2 * PAD + ROW * entries.size();
    }
}
