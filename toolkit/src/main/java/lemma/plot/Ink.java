package lemma.plot;

import java.util.ArrayList;
import java.util.List;

/** Sample points of what a panel draws, dense enough to tell whether a legend would cover something. */
final class Ink {
    private static final double EVERY = 5;

    private final Scale x;
    private final Scale y;
    private final List<double[]> points = new ArrayList<>();

    private Ink(Scale x, Scale y) {
        this.x = x;
        this.y = y;
    }

    /** What the series and reference lines cover. */
    static List<double[]> ofSeries(Box box) {
        Ink ink = new Ink(box.x(), box.y());
        box.panel().placed().forEach(ink::add);
        for (Layer layer : box.panel().layers()) {
            if (layer instanceof Layer.Reference) ink.text(Label.of(box, layer));
        }
        return ink.points;
    }

    /** What everything covers, notes included. */
    static List<double[]> of(Box box) {
        Ink ink = new Ink(box.x(), box.y());
        ink.points.addAll(ofSeries(box));
        for (Layer layer : box.panel().layers()) {
            if (layer instanceof Layer.Note) ink.text(Label.of(box, layer));
        }
        return ink.points;
    }

    private void text(Label label) {
        if (label == null) return;
        Rect place = label.place();
        segment(place.x(), place.y(), place.right(), place.y());
        segment(place.x(), place.bottom(), place.right(), place.bottom());
    }

    private void add(Layer layer) {
        switch (layer) {
            case Layer.Line l -> l.runs().forEach(run -> polyline(l.xs(), l.ys(), run));
            case Layer.Scatter s -> scatter(s);
            case Layer.Band b -> Layer.Line.runs(b.xs(), b.lo(), b.hi()).forEach(run -> band(b, run));
            case Layer.Bars b -> bars(b);
            case Layer.Reference r -> reference(r);
            case Layer.Note n -> segment(x.at(n.atX()), y.at(n.atY()), x.at(n.atX()), y.at(n.atY()));
            case Layer.HeatMap h -> { } // covers all places alike
            case Layer.Contour c -> { }
        }
    }

    private void polyline(double[] xs, double[] ys, int[] run) {
        for (int i = run[0]; i + 1 < run[1]; i++) segment(x.at(xs[i]), y.at(ys[i]), x.at(xs[i + 1]), y.at(ys[i + 1]));
    }

    private void scatter(Layer.Scatter s) {
        for (int i = 0; i < s.xs().length; i++) {
            double px = x.at(s.xs()[i]);
            points.add(new double[] {px, y.at(s.ys()[i])});
            if (s.hasErrors()) segment(px, y.at(Math.max(s.lo()[i], y.min())), px, y.at(s.hi()[i]));
        }
    }

    private void band(Layer.Band b, int[] run) {
        for (int i = run[0]; i + 1 < run[1]; i++) {
            double from = x.at(b.xs()[i]);
            double to = x.at(b.xs()[i + 1]);
            int steps = steps(to - from);
            for (int k = 0; k <= steps; k++) {
                double t = (double) k / steps;
                double low = (1 - t) * y.at(b.lo()[i]) + t * y.at(b.lo()[i + 1]);
                double high = (1 - t) * y.at(b.hi()[i]) + t * y.at(b.hi()[i + 1]);
                segment(from + t * (to - from), low, from + t * (to - from), high);
            }
        }
    }

    private void bars(Layer.Bars b) {
        double foot = y.log() ? y.min() : 0;
        for (int i = 0; i < b.heights().length; i++) {
            double from = x.at(b.left()[i]);
            double to = x.at(b.right()[i]);
            int steps = steps(to - from);
            for (int k = 0; k <= steps; k++) {
                double at = from + (to - from) * k / steps;
                segment(at, y.at(foot), at, y.at(b.heights()[i]));
            }
        }
    }

    private void reference(Layer.Reference r) {
        if (r.horizontal()) segment(x.from(), y.at(r.value()), x.to(), y.at(r.value()));
        else segment(x.at(r.value()), y.from(), x.at(r.value()), y.to());
    }

    private void segment(double x0, double y0, double x1, double y1) {
        double length = Math.hypot(x1 - x0, y1 - y0);
        if (!Double.isFinite(length)) return;
        int steps = steps(length);
        for (int k = 0; k <= steps; k++) {
            double t = (double) k / steps;
            points.add(new double[] {x0 + t * (x1 - x0), y0 + t * (y1 - y0)});
        }
    }

    /** Bounded, so that a point far outside a fixed range costs no more than one inside. */
    private static int steps(double length) {
        return (int) Math.clamp(Math.ceil(Math.abs(length) / EVERY), 1, 2000);
    }
}
