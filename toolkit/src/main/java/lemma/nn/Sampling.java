package lemma.nn;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * How the next token is drawn from logits z: from {@code softmax(z / temperature)}, held to the {@code topK} likeliest tokens, and of those to the fewest whose
 * probabilities sum to {@code topP} at least. A temperature of 0 takes the likeliest.
 *
 * @param temperature 1 as the model says, less for likelier tokens, 0 for the likeliest only
 * @param topK how many tokens may be drawn; Integer.MAX_VALUE for all
 * @param topP share of the probability that may be drawn, above 0; 1 for all
 * @see <a href="https://arxiv.org/abs/1904.09751">Holtzman et al. (2020), The curious case of neural text degeneration, eq. 2 and 3 (top-p)</a>
 */
public record Sampling(double temperature, int topK, double topP) {
    public Sampling {
        if (!(temperature >= 0) || temperature == Double.POSITIVE_INFINITY) throw new IllegalArgumentException("Sampling: temperature is " + temperature + ", expected 0 or above");
        if (topK < 1) throw new IllegalArgumentException("Sampling: topK is " + topK + ", expected at least 1");
        if (!(topP > 0 && topP <= 1)) throw new IllegalArgumentException("Sampling: topP is " + topP + ", expected above 0 to 1");
    }

    /** From all tokens. */
    public static Sampling of(double temperature) {
        return new Sampling(temperature, Integer.MAX_VALUE, 1);
    }

    /** The likeliest token each time. */
    public static Sampling greedy() {
        return of(0);
    }

    public Sampling withTopK(int topK) {
        return new Sampling(temperature, topK, topP);
    }

    public Sampling withTopP(double topP) {
        return new Sampling(temperature, topK, topP);
    }

    /**
     * Probabilities with which tokens are drawn, FLOAT64 of the shape of {@code logits (..., tokens)}.
     *
     * @throws IllegalArgumentException if there are no tokens, or the largest logit of a row is not finite, as of a model that has diverged
     */
    public Tensor probabilities(Tensor logits) {
        check(logits);
        Tensor z = logits.detach().to(DType.FLOAT64);
        Tensor order = z.argsort(-1, true);
        Tensor rank = order.argsort(-1, false);
        if (temperature == 0) return rank.eq(0).to(DType.FLOAT64);
        Tensor scaled = z.sub(z.maxKeep(-1)).div(temperature).maskedFill(rank.ge(topK), Double.NEGATIVE_INFINITY);
        Tensor p = scaled.softmax(-1);
        if (topP == 1) return p;
        Tensor sorted = p.gather(p.rank() - 1, order);
        Tensor likelier = sorted.cumsum(-1).sub(sorted).gather(p.rank() - 1, rank); // probability of the tokens before each
        return scaled.maskedFill(likelier.ge(topP), Double.NEGATIVE_INFINITY).softmax(-1);
    }

    private static void check(Tensor logits) {
        if (logits.rank() == 0 || logits.dim(-1) == 0) throw new IllegalArgumentException("Sampling: logits are " + logits.shape() + ", expected (..., at least one token)");
        double[] largest = logits.detach().max(-1).toDoubles();
        for (int row = 0; row < largest.length; row++) {
            if (!Double.isFinite(largest[row])) throw new IllegalArgumentException("Sampling: the largest logit of row " + row + " is " + largest[row] + " (logits are " + logits.shape() + "), expected a finite number");
        }
    }

    /** A token for each row of {@code logits (batch, tokens)}, INT64 (batch). */
    public Tensor next(Tensor logits, Random random) {
        if (temperature == 0) {
            check(logits);
            return logits.detach().argmax(-1);
        }
        return random.categorical(probabilities(logits).log());
    }
}
