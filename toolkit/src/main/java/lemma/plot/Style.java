package lemma.plot;

import java.awt.Color;

/** How one series is drawn; lengths in points of the figure. */
record Style(Color color, Dash dash, double width, boolean markers) {
    enum Dash {
        SOLID("solid"), DASHED("6px,4px"), DOTTED("1.5px,3px"), DASH_DOTTED("6px,3px,1.5px,3px");

        /** Plotly's spelling: dash and gap lengths in pixels. */
        final String plotly;

        Dash(String plotly) {
            this.plotly = plotly;
        }

        /** Dash and gap lengths for Java2D; null is a solid line. */
        float[] pattern() {
            if (this == SOLID) return null;
            String[] parts = plotly.replace("px", "").split(",");
            float[] lengths = new float[parts.length];
            for (int i = 0; i < parts.length; i++) lengths[i] = Float.parseFloat(parts[i]);
            return lengths;
        }
    }

    static final double LINE = 2;

    /** The style of series {@code index}: the palette's colour; from the second turn of the palette on also another dash. */
    static Style ofSeries(int index) {
        Dash[] dashes = Dash.values();
        return new Style(Palette.series(index), dashes[index / Palette.size() % dashes.length], LINE, false);
    }

    static Style reference() {
        return new Style(Palette.MUTED, Dash.DASHED, 1.25, false);
    }

    Style color(Color next) {
        return new Style(next, dash, width, markers);
    }

    Style dash(Dash next) {
        return new Style(color, next, width, markers);
    }

    Style width(double next) {
        if (!(next > 0) || next > 50) throw new IllegalArgumentException("Figure: line width is " + next + ", expected more than 0 and at most 50");
        return new Style(color, dash, next, markers);
    }

    Style withMarkers() {
        return new Style(color, dash, width, true);
    }
}
