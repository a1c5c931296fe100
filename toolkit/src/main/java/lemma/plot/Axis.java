package lemma.plot;

import java.util.List;

/**
 * One axis as the user asked for it.
 *
 * @param title what is shown and its unit; may be empty
 * @param range lower and upper end, or null: from the data
 * @param categories labels of the positions 0, 1, ...; empty for a numeric axis
 * @param reversed values grow downwards or to the left
 */
record Axis(String title, boolean log, Extent range, List<String> categories, boolean reversed) {
    static final Axis PLAIN = new Axis("", false, null, List.of(), false);

    Axis title(String next) {
        return new Axis(next, log, range, categories, reversed);
    }

    Axis log(boolean next) {
        if (next && isCategorical()) throw new IllegalArgumentException("Figure: the axis names the places " + categories + " and cannot be logarithmic");
        return new Axis(title, next, range, categories, reversed);
    }

    Axis range(Extent next) {
        return new Axis(title, log, next, categories, reversed);
    }

    /** This axis with named places; a second series must name the same ones. */
    Axis categories(String call, List<String> next, boolean reverse) {
        if (log) throw new IllegalArgumentException("Figure." + call + ": named places do not go with a logarithmic axis");
        if (next.isEmpty()) throw new IllegalArgumentException("Figure." + call + ": no places given");
        if (isCategorical() && !categories.equals(next)) throw new IllegalArgumentException("Figure." + call + ": places are " + next + ", but those of the series before are " + categories);
        return new Axis(title, false, range, List.copyOf(next), reverse);
    }

    boolean isCategorical() {
        return !categories.isEmpty();
    }

    /** The scale that shows {@code data} between the positions {@code from} and {@code to}. */
    Scale scale(Extent data, double padLow, double padHigh, double from, double to) {
        Extent shown = range != null ? range : padded(data, padLow, padHigh);
        return reversed ? new Scale(log, shown.hi(), shown.lo(), from, to) : new Scale(log, shown.lo(), shown.hi(), from, to);
    }

    private Extent padded(Extent data, double padLow, double padHigh) {
        if (isCategorical()) return new Extent(-0.5, categories.size() - 0.5);
        Extent wide = widened(data);
        if (log) {
            double decades = Math.log10(wide.hi() / wide.lo());
            return new Extent(wide.lo() * Math.pow(10, -padLow * decades), wide.hi() * Math.pow(10, padHigh * decades));
        }
        double length = wide.hi() - wide.lo();
        return new Extent(wide.lo() - padLow * length, wide.hi() + padHigh * length);
    }

    /** A single value gets room around it; two that no double tells apart on the screen are a single value. */
    private Extent widened(Extent data) {
        double largest = Math.max(Math.abs(data.lo()), Math.abs(data.hi()));
        if (data.hi() - data.lo() > 1e-12 * largest) return data;
        if (log) return new Extent(data.lo() / 2, data.hi() * 2);
        double room = largest == 0 ? 1 : 0.1 * largest;
        return new Extent(data.lo() - room, data.hi() + room);
    }

    /** @throws IllegalStateException if the values span more than a double can measure */
    void requireDrawable(String which, Extent data) {
        if (isCategorical() || Double.isFinite(data.hi() - data.lo())) return;
        throw new IllegalStateException("Figure: " + which + " runs from " + data.lo() + " to " + data.hi() + ", too far apart to draw");
    }
}
