package lemma.plot;

import java.util.List;

/**
 * Text beside a reference line or a point, in points of the figure.
 *
 * @param tipX where the arrow points, NaN without one
 */
record Label(String text, double x, double y, double anchorX, double anchorY, double tipX, double tipY) {
    static final double FONT = 12;
    private static final double[][] REACHES = {{34, -30}, {-34, -30}, {34, 30}, {-34, 30}, {24, -60}, {-24, -60}, {24, 60}, {-24, 60}, {60, -16}, {-60, -16}};
    private static final long OUTSIDE = 1_000_000;

    /** The label of {@code layer}, or null when it has none. */
    static Label of(Box box, Layer layer) {
        return switch (layer) {
            case Layer.Reference r when !r.name().isEmpty() -> r.horizontal() ? alongHorizontal(box, r) : alongVertical(box, r);
            case Layer.Note n -> beside(box, n);
            default -> null;
        };
    }

    /** The rectangle that the text needs. */
    Rect place() {
        double width = RichText.width(text, FONT);
        return new Rect(x - anchorX * width, y - anchorY * FONT, width, FONT);
    }

    boolean hasArrow() {
        return !Double.isNaN(tipX);
    }

    private static Label alongHorizontal(Box box, Layer.Reference r) {
        double y = box.y().at(r.value());
        boolean above = y - box.plot().y() > 22;
        return new Label(r.name(), box.plot().right() - 4, above ? y - 5 : y + 6, 1, above ? 1 : 0, Double.NaN, Double.NaN);
    }

    private static Label alongVertical(Box box, Layer.Reference r) {
        double x = box.x().at(r.value());
        boolean right = x + RichText.width(r.name(), FONT) + 10 < box.plot().right();
        return new Label(r.name(), right ? x + 6 : x - 6, box.plot().y() + 6, right ? 0 : 1, 0, Double.NaN, Double.NaN);
    }

    /** Above or below, right or left of the point, near or farther: the first place inside the axes where the text covers least. */
    private static Label beside(Box box, Layer.Note n) {
        double x = box.x().at(n.atX());
        double y = box.y().at(n.atY());
        List<double[]> ink = Ink.ofSeries(box);
        Label best = null;
        long fewest = Long.MAX_VALUE;
        for (double[] reach : REACHES) {
            Label label = new Label(n.name(), x + reach[0], y + reach[1], reach[0] > 0 ? 0 : 1, 0.5, x, y);
            Rect covered = label.place().grown(3);
            long hits = ink.stream().filter(p -> covered.contains(p[0], p[1])).count();
            if (!box.plot().encloses(covered)) hits += OUTSIDE;
            if (hits >= fewest) continue;
            fewest = hits;
            best = label;
        }
        return best;
    }
}
