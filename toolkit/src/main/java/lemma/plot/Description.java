package lemma.plot;

import java.math.BigDecimal;
import java.math.MathContext;

/** The few lines of text that stand for a figure in a terminal. */
final class Description {
    private Description() {}

    static String of(Figure figure) {
        StringBuilder text = new StringBuilder("Figure");
        if (!figure.title().isEmpty()) text.append(" \"").append(RichText.plain(figure.title())).append('"');
        if (figure.panels().size() > 1) text.append(", ").append(figure.panels().size()).append(" panels");
        for (Panel panel : figure.panels()) {
            if (figure.panels().size() > 1) text.append("\n ").append(RichText.plain(panel.title()));
            text.append("\n  ").append(axis("x", panel.x(), panel.xExtent())).append("; ").append(axis("y", panel.y(), panel.yExtent()));
            for (Layer layer : panel.layers()) text.append("\n  ").append(layer(layer));
        }
        return text.toString();
    }

    private static String axis(String which, Axis axis, Extent data) {
        String title = axis.title().isEmpty() ? which : which + " " + RichText.plain(axis.title());
        if (axis.isCategorical()) return title + ": " + String.join(", ", axis.categories());
        String range = data.isEmpty() ? "no data" : number(data.lo()) + " to " + number(data.hi());
        return title + (axis.log() ? " (log): " : ": ") + range;
    }

    private static String layer(Layer layer) {
        String name = layer.name().isEmpty() ? "" : " \"" + RichText.plain(layer.name()) + "\"";
        return switch (layer) {
            case Layer.Line l -> "line" + name + ", " + l.xs().length + " points";
            case Layer.Scatter s -> s.kind() + name + ", " + s.xs().length + " points";
            case Layer.Band b -> "band" + name + ", " + b.xs().length + " points";
            case Layer.Bars b -> b.kind() + name + ", " + b.heights().length + " bars";
            case Layer.HeatMap h -> "heat map" + name + ", " + cells(h.cells());
            case Layer.Contour c -> c.kind() + name + ", " + cells(c.cells()) + ", levels " + String.join(", ", c.labels().stream().map(RichText::plain).toList());
            case Layer.Reference r -> r.kind() + name + " at " + number(r.value());
            case Layer.Note n -> "note" + name + " at (" + number(n.atX()) + ", " + number(n.atY()) + ")";
        };
    }

    private static String cells(Cells cells) {
        return cells.ys().length + " x " + cells.xs().length + " values from " + number(cells.range().lo()) + " to " + number(cells.range().hi());
    }

    private static String number(double value) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros();
        boolean plain = value == 0 || Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6;
        return plain ? rounded.toPlainString() : rounded.toString().replace("E+", "e").replace('E', 'e');
    }
}
