package lemma.plot;

import java.util.List;

/**
 * Text beside a reference line or a point, in points of the figure.
 *
 * @param tipX where the arrow points, NaN without one
 */
record Label(String text, double x, double y, double anchorX, double anchorY, double tipX, double tipY) {
    static final double FONT = 12;
    private static final double REACH_X = 34;
    private static final double REACH_Y = 30;
    private static final long OUTSIDE = 1_000_000;

    /** The label of {@code layer}, or null when it has none. */
    static Label of(Box box, Layer layer) {
        return switch (layer) {
            case Layer.Reference r when !r.name().isEmpty() -> r.horizontal() ? alongHorizontal(box, r) : alongVertical(box, r);
            case Layer.Note n -> beside(box, n);
            default -> null;
        };
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

    /** Up or down, right or left of the point: the first side inside the axes where the text covers least. */
    private static Label beside(Box box, Layer.Note n) {
        double x = box.x().at(n.atX());
        double y = box.y().at(n.atY());
        double width = RichText.width(n.name(), FONT);
        List<double[]> ink = Ink.of(box.panel(), box.x(), box.y());
        Label best = null;
        long fewest = Long.MAX_VALUE;
        for (int side = 0; side < 4; side++) {
            boolean right = side % 2 == 0;
            double textX = x + (right ? REACH_X : -REACH_X);
            double textY = y + (side < 2 ? -REACH_Y : REACH_Y);
            Rect covered = new Rect(right ? textX : textX - width, textY - FONT / 2, width, FONT).grown(3);
            long hits = ink.stream().filter(p -> covered.contains(p[0], p[1])).count();
            if (!box.plot().encloses(covered)) hits += OUTSIDE;
            if (hits >= fewest) continue;
            fewest = hits;
            best = new Label(n.name(), textX, textY, right ? 0 : 1, 0.5, x, y);
        }
        return best;
    }
}
