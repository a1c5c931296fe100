package lemma.plot;

/** Refuses values that a logarithmic axis cannot show, and says which one and where. */
final class LogCheck {
    private LogCheck() {}

    static void x(Layer layer) {
        switch (layer) {
            case Layer.Line l -> positive("x", layer, l.xs());
            case Layer.Scatter s -> positive("x", layer, s.xs());
            case Layer.Band b -> positive("x", layer, b.xs());
            case Layer.Bars b -> positive("the left end", layer, b.left());
            case Layer.Reference r -> positive("x", layer, r.horizontal() ? new double[0] : new double[] {r.value()});
            case Layer.Note n -> positive("x", layer, new double[] {n.atX()});
            case Layer.HeatMap h -> positive("x", layer, h.cells().xs());
            case Layer.Contour c -> positive("x", layer, c.cells().xs());
        }
    }

    static void y(Layer layer) {
        switch (layer) {
            case Layer.Line l -> positive("y", layer, l.ys());
            case Layer.Scatter s -> positive("y", layer, s.ys());
            case Layer.Band b -> {
                positive("the lower edge", layer, b.lo());
                positive("the upper edge", layer, b.hi());
            }
            case Layer.Bars b -> notNegative(layer, b.heights());
            case Layer.Reference r -> positive("y", layer, r.horizontal() ? new double[] {r.value()} : new double[0]);
            case Layer.Note n -> positive("y", layer, new double[] {n.atY()});
            case Layer.HeatMap h -> positive("y", layer, h.cells().ys());
            case Layer.Contour c -> positive("y", layer, c.cells().ys());
        }
    }

    private static void positive(String what, Layer layer, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] <= 0) throw refused(what, layer, values[i], i);
        }
    }

    /** An empty bar has no height to show; a negative one has no place. */
    private static void notNegative(Layer layer, double[] heights) {
        for (int i = 0; i < heights.length; i++) {
            if (heights[i] < 0) throw refused("the height", layer, heights[i], i);
        }
    }

    private static IllegalArgumentException refused(String what, Layer layer, double value, int index) {
        return new IllegalArgumentException("Figure: %s of %s \"%s\" is %s at index %d, but that axis is logarithmic and shows only values above 0; drop the point or use a linear axis"
            .formatted(what, layer.kind(), layer.name(), value, index));
    }
}
