package lemma.papers;

import java.util.Arrays;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the values of a claim, one a seed, become the one number that its bound judges. Written on a card as
 *
 * <table>
 * <caption>forms</caption>
 * <tr><td>{@code every-seed}</td><td>the value of the worst seed, so that the bound holds exactly when it holds for all</td></tr>
 * <tr><td>{@code mean}, {@code median}</td><td>of all seeds; not a number as soon as one value is not finite</td></tr>
 * <tr><td>{@code fraction 0.9}</td><td>the value up to which the best nine tenths of the seeds reach (rounded up to whole seeds)</td></tr>
 * <tr><td>{@code pooled}</td><td>one value that was computed from all seeds together, such as the p-value of a test</td></tr>
 * </table>
 *
 * @param rule which of the forms
 * @param fraction share of the seeds that must satisfy the bound; 1 but for {@code fraction}
 */
public record Over(Rule rule, double fraction) {
    /** The forms. */
    public enum Rule { EVERY_SEED, MEAN, MEDIAN, FRACTION, POOLED }

    private static final Pattern FRACTION = Pattern.compile("fraction (0\\.\\d+)");

    /** @throws IllegalArgumentException if {@code text} is none of the forms */
    public static Over parse(String text) {
        Matcher matcher = FRACTION.matcher(text);
        if (matcher.matches() && Double.parseDouble(matcher.group(1)) > 0) return new Over(Rule.FRACTION, Double.parseDouble(matcher.group(1)));
        return switch (text) {
            case "every-seed" -> new Over(Rule.EVERY_SEED, 1);
            case "mean" -> new Over(Rule.MEAN, 1);
            case "median" -> new Over(Rule.MEDIAN, 1);
            case "pooled" -> new Over(Rule.POOLED, 1);
            default -> throw new IllegalArgumentException("over '" + text + "' is none of every-seed, mean, median, pooled, 'fraction 0.9'");
        };
    }

    double measured(double[] values, Bound bound) {
        return switch (rule) {
            case EVERY_SEED, FRACTION -> lastOfTheBest((int) Math.ceil(fraction * values.length - 1e-9), values, bound);
            case MEAN -> Arrays.stream(values).average().orElseThrow();
            case MEDIAN -> median(values);
            case POOLED -> values[0];
        };
    }

    private static double lastOfTheBest(int count, double[] values, Bound bound) {
        return Arrays.stream(values).boxed().sorted(Comparator.comparingDouble(bound::margin).reversed()).toList().get(count - 1);
    }

    private static double median(double[] values) {
        if (!Arrays.stream(values).allMatch(Double::isFinite)) return Double.NaN;
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** In words, such as {@code worst of 3 seeds}. */
    String of(int seeds) {
        return switch (rule) {
            case EVERY_SEED -> "worst of " + seeds + " seeds";
            case MEAN -> "mean of " + seeds + " seeds";
            case MEDIAN -> "median of " + seeds + " seeds";
            case FRACTION -> "reached by " + fraction + " of " + seeds + " seeds";
            case POOLED -> "from " + seeds + " seeds together";
        };
    }

    @Override
    public String toString() {
        return rule == Rule.FRACTION ? "fraction " + fraction : rule.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
