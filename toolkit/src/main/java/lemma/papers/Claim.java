package lemma.papers;

import java.util.Objects;
import lemma.display.Display;

/**
 * A measurable assertion of a paper, as its card states it.
 *
 * <p>{@code Papers.get("hestness-scaling").claim("text-power-law").measured(r2PerSeed)} holds measured numbers against the bound and
 * shows the outcome.
 *
 * @param paper key of the paper
 * @param id name of the claim on the card
 * @param metric what is measured, in words
 * @param bound what the number must be
 * @param seeds how many seeds are measured; 0 for a calculation in which nothing is random
 * @param over how the values of the seeds become one number
 * @param expect how the comparison is expected to end
 * @param reason why the paper's effect is absent, or why the bound is what it is; may be empty
 * @param timing whether it is a matter of speed: recorded, asserted by no run
 */
public record Claim(String paper, String id, String metric, Bound bound, int seeds, Over over, Expect expect, String reason, boolean timing) {
    /** @throws IllegalArgumentException if a claim expected to fail gives no reason, or {@code seeds < 0} */
    public Claim {
        for (Object part : new Object[] {paper, id, metric, bound, over, expect, reason}) Objects.requireNonNull(part);
        if (seeds < 0) throw new IllegalArgumentException("seeds " + seeds + ": expected a count, 0 where nothing is random");
        if (seeds < 2 && over.rule() != Over.Rule.EVERY_SEED) {
            throw new IllegalArgumentException("over '" + over + "' needs at least 2 seeds, the card says " + seeds);
        }
        if (expect == Expect.NOT_REPRODUCED && reason.isBlank()) {
            throw new IllegalArgumentException("expect not-reproduced needs a reason: the number that came out, and why");
        }
    }

    /** Shows how {@code value} compares with the bound. For claims with at most one seed, or over {@code pooled}. */
    public void measured(double value) {
        Display.show(outcome(value));
    }

    /**
     * Shows how the values, one a seed, compare with the bound.
     *
     * @throws IllegalArgumentException if there are not as many values as the card says seeds
     */
    public void measured(double[] perSeed) {
        Display.show(outcome(perSeed));
    }

    /** The comparison that {@link #measured(double[])} shows. */
    public Outcome outcome(double... values) {
        int expected = valueCount();
        if (values.length != expected) {
            throw new IllegalArgumentException(name() + ": " + values.length + (values.length == 1 ? " value" : " values") + " measured, the card says "
                    + (expected == seeds ? "seeds: " + seeds : "one value (seeds: " + seeds + ", over: " + over + ")"));
        }
        return new Outcome(this, values);
    }

    /** How many values a measurement has. */
    int valueCount() {
        return over.rule() == Over.Rule.POOLED ? 1 : Math.max(seeds, 1);
    }

    String name() {
        return paper + "/" + id;
    }

    /** {@code timing} or {@code result}. */
    public String kind() {
        return timing ? "timing" : "result";
    }
}
