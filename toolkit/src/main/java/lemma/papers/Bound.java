package lemma.papers;

import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a claim says a number must be: an interval, written in one of the forms
 *
 * <pre>{@code
 * >= 0.97     <= 0.1     > 0.05     < 1
 * in [-0.05, 0.05]       both ends belong to it
 * = -1 +- 0.05           within 0.05 of -1
 * = 1.8172 +- 0.5%       within 0.5 % of 1.8172
 * }</pre>
 *
 * <p>The writing is strict, one space where the forms show one, so that two bounds are the same exactly when their texts are. A
 * value that is not finite satisfies no bound.
 */
public final class Bound {
    private static final String NUMBER = "(-?\\d+(?:\\.\\d+)?(?:e-?\\d+)?)";
    private static final String DISTANCE = NUMBER.replaceFirst("-\\?", "");
    private static final String FORMS = "'>= 0.97', '<= 0.1', '> 0.05', '< 1', 'in [-0.05, 0.05]', '= -1 +- 0.05', '= 1.8 +- 0.5%'";

    private enum Form {
        AT_LEAST(">= " + NUMBER, m -> new Ends(number(m, 1), Double.POSITIVE_INFINITY, false)),
        AT_MOST("<= " + NUMBER, m -> new Ends(Double.NEGATIVE_INFINITY, number(m, 1), false)),
        ABOVE("> " + NUMBER, m -> new Ends(number(m, 1), Double.POSITIVE_INFINITY, true)),
        BELOW("< " + NUMBER, m -> new Ends(Double.NEGATIVE_INFINITY, number(m, 1), true)),
        BETWEEN("in \\[" + NUMBER + ", " + NUMBER + "\\]", m -> new Ends(number(m, 1), number(m, 2), false)),
        NEAR("= " + NUMBER + " \\+- " + DISTANCE, m -> around(number(m, 1), number(m, 2))),
        NEAR_RELATIVE("= " + NUMBER + " \\+- " + DISTANCE + "%", m -> around(number(m, 1), number(m, 2) / 100 * Math.abs(number(m, 1))));

        final Pattern pattern;
        final Function<MatchResult, Ends> ends;

        Form(String pattern, Function<MatchResult, Ends> ends) {
            this.pattern = Pattern.compile(pattern);
            this.ends = ends;
        }
    }

    private record Ends(double low, double high, boolean open) {}

    private final String text;
    private final Ends ends;

    private Bound(String text, Ends ends) {
        this.text = text;
        this.ends = ends;
    }

    /**
     * Reads a bound.
     *
     * @throws IllegalArgumentException if {@code text} has none of the forms above, or no number satisfies it
     */
    public static Bound parse(String text) {
        for (Form form : Form.values()) {
            Matcher matcher = form.pattern.matcher(text);
            if (matcher.matches()) return new Bound(text, checked(text, form.ends.apply(matcher.toMatchResult())));
        }
        throw new IllegalArgumentException("bound '" + text + "' is none of the forms " + FORMS);
    }

    private static Ends checked(String text, Ends ends) {
        if (ends.low <= ends.high) return ends;
        throw new IllegalArgumentException("bound '" + text + "' holds for no number: its lower end " + ends.low + " is above its upper end " + ends.high);
    }

    private static Ends around(double centre, double distance) {
        return new Ends(centre - distance, centre + distance, false);
    }

    private static double number(MatchResult match, int group) {
        double number = Double.parseDouble(match.group(group));
        if (Double.isFinite(number)) return number;
        throw new IllegalArgumentException("bound '" + match.group() + "': " + match.group(group) + " is beyond the range of a double");
    }

    /** Whether {@code value} is finite and inside. */
    public boolean holds(double value) {
        if (!Double.isFinite(value)) return false;
        return ends.open ? ends.low < value && value < ends.high : ends.low <= value && value <= ends.high;
    }

    /** How far inside {@code value} is; negative outside, minus infinity when it is not finite. */
    double margin(double value) {
        if (!Double.isFinite(value)) return Double.NEGATIVE_INFINITY;
        return Math.min(value - ends.low, ends.high - value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bound bound && bound.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The bound as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
