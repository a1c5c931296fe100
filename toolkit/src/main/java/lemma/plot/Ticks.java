package lemma.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where an axis is labelled and how.
 *
 * <p>Linear: multiples of 1, 2 or 5 times a power of ten, the smallest such step that is not below {@code range / wanted}. Log:
 * every k-th power of ten, with minor ticks between; below about two decades the values 1, 2, 5 of each decade; below one decade a
 * linear step. Plotly's automatic ticks follow the same rule when told {@code hint} as {@code nticks}, so both renderings carry the
 * same labels and the interactive one goes on labelling while it is zoomed.
 *
 * @param major labelled positions, ascending
 * @param minor positions of short ticks without a label
 * @param hint Plotly's {@code nticks}, or 0 when the positions must be given to it one by one
 * @param minorStep Plotly's {@code minor.dtick}: "D1" (2 to 9 in each decade), "1" (every decade) or empty
 */
record Ticks(List<Tick> major, List<Double> minor, int hint, String minorStep) {
    /** One labelled position; the label may hold {@code <sup>}. */
    record Tick(double value, String label) {}

    /** Powers of ten up to this one are written out: 0.0001 to 99,999. */
    static final int PLAIN_EXPONENT = 4;

    private static final double ROUNDING = 1e-9;
    private static final double DECADES_ONLY = 2.2;

    /**
     * @param wanted about how many numbers the axis has room for
     * @param powers how many powers of ten it has room for
     */
    static Ticks of(Axis axis, Scale scale, int wanted, int powers) {
        if (axis.isCategorical()) return categories(axis.categories());
        return axis.log() ? log(scale.min(), scale.max(), wanted, powers) : linear(scale.min(), scale.max(), wanted);
    }

    static Ticks categories(List<String> names) {
        List<Tick> major = IntStream.range(0, names.size()).mapToObj(i -> new Tick(i, names.get(i))).toList();
        return new Ticks(major, List.of(), 0, "");
    }

    static Ticks linear(double lo, double hi, int wanted) {
        List<Tick> major = multiples(lo, hi, step((hi - lo) / wanted));
        return major.size() < 2 ? linear(lo, hi, wanted + 1) : new Ticks(major, List.of(), hint(hi - lo, wanted, 1), "");
    }

    static Ticks log(double lo, double hi, int wanted, int powers) {
        double decades = Math.log10(hi / lo);
        if (decades < 1) {
            int numbers = Math.max(4, wanted * 2 / 3);
            return new Ticks(multiples(lo, hi, step((hi - lo) / (1.5 * numbers))), List.of(), hint(hi - lo, numbers, 1.5), "");
        }
        int every = (int) Math.max(1, Math.ceil(decades / powers - ROUNDING));
        List<Tick> major = powers(lo, hi, every);
        if (decades < DECADES_ONLY || major.size() < 2) return withinDecades(lo, hi);
        List<Double> minor = every == 1 ? mantissas(lo, hi, 2, 3, 4, 5, 6, 7, 8, 9) : powers(lo, hi, 1).stream().map(Tick::value).toList();
        return new Ticks(major, minor, (int) Math.ceil(decades / every - ROUNDING), every == 1 ? "D1" : "1");
    }

    /** The smallest of 2, 5, 10 times a power of ten (that is 1, 2, 5 times) not below {@code rough}. */
    static double step(double rough) {
        int exponent = (int) Math.floor(Math.log10(rough));
        double base = Math.pow(10, exponent);
        for (int factor : new int[] {2, 5, 10}) {
            if (rough / base <= factor * (1 + ROUNDING)) return decimal(factor, exponent);
        }
        return decimal(2, exponent + 1);
    }

    /** Where the range is a whole number of steps Plotly takes the next larger step, unless told one tick more. */
    private static int hint(double length, int wanted, double factor) {
        double step = step(length / (factor * wanted));
        return step * factor * wanted > length * (1 + ROUNDING) ? wanted : wanted + 1;
    }

    private static List<Tick> multiples(double lo, double hi, double step) {
        double slack = ROUNDING * (hi - lo) / step + 4 * Math.ulp(Math.max(Math.abs(lo), Math.abs(hi)) / step);
        long first = (long) Math.ceil(lo / step - slack);
        long last = (long) Math.floor(hi / step + slack);
        BigDecimal exact = new BigDecimal(Double.toString(step));
        List<Tick> ticks = new ArrayList<>();
        for (long k = first; k <= last; k++) {
            double value = exact.multiply(BigDecimal.valueOf(k)).doubleValue();
            ticks.add(new Tick(value, label(value, Math.max(Math.abs(lo), Math.abs(hi)), step)));
        }
        return ticks;
    }

    private static List<Tick> powers(double lo, double hi, int every) {
        List<Tick> ticks = new ArrayList<>();
        int first = (int) Math.ceil(Math.log10(lo) / every - ROUNDING);
        int last = (int) Math.floor(Math.log10(hi) / every + ROUNDING);
        for (int k = first; k <= last; k++) ticks.add(new Tick(decimal(1, k * every), power(k * every)));
        return ticks;
    }

    private static Ticks withinDecades(double lo, double hi) {
        List<Tick> major = mantissas(lo, hi, 1, 2, 5).stream().map(v -> new Tick(v, label(v, v, v))).toList();
        return new Ticks(major, mantissas(lo, hi, 3, 4, 6, 7, 8, 9), 0, "");
    }

    private static List<Double> mantissas(double lo, double hi, int... digits) {
        List<Double> values = new ArrayList<>();
        for (int e = (int) Math.floor(Math.log10(lo)); e <= Math.floor(Math.log10(hi)); e++) {
            for (int digit : digits) {
                double value = decimal(digit, e);
                if (value >= lo * (1 - ROUNDING) && value <= hi * (1 + ROUNDING)) values.add(value);
            }
        }
        return values;
    }

    private static double decimal(int digit, int exponent) {
        return Double.parseDouble(digit + "e" + exponent);
    }

    static String power(int exponent) {
        if (exponent == 0) return "1";
        if (exponent == 1) return "10";
        return "10<sup>" + signed(exponent) + "</sup>";
    }

    /** {@code value} with the digits that a step of {@code step} needs; the power of ten is taken out when {@code largest} is far from 1. */
    static String label(double value, double largest, double step) {
        if (value == 0) return "0";
        int exponent = (int) Math.floor(Math.log10(largest) + 0.01);
        if (Math.abs(exponent) <= PLAIN_EXPONENT) exponent = 0;
        int decimals = Math.max(0, 2 - (int) Math.floor(Math.log10(step) + 0.01) + exponent);
        BigDecimal mantissa = new BigDecimal(value).movePointLeft(exponent).setScale(decimals, RoundingMode.HALF_EVEN).stripTrailingZeros();
        String text = (mantissa.signum() < 0 ? "\u2212" : "") + trimmed(mantissa.abs());
        return exponent == 0 ? text : text + "\u00d710<sup>" + signed(exponent) + "</sup>";
    }

    private static String trimmed(BigDecimal value) {
        String plain = value.toPlainString();
        int point = plain.indexOf('.');
        String whole = point < 0 ? plain : plain.substring(0, point);
        return whole.replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",") + (point < 0 ? "" : plain.substring(point));
    }

    private static String signed(int exponent) {
        return exponent < 0 ? "\u2212" + -exponent : Integer.toString(exponent);
    }
}
