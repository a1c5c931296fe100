package lemma.loss;

/**
 * How much worse the best scorer of a class does than the best scores at each input on its own: {@code M = R* - E_x[C*(x)]}. It is 0
 * when the class holds the pointwise best, and cannot be estimated without knowing p(y | x).
 *
 * @param bestInClass {@code R*}, the least risk of a scorer of the class
 * @param pointwise {@code E_x[C*(x)]}
 * @see <a href="https://arxiv.org/abs/2304.07288">Mao, Mohri, Zhong (2023), Cross-Entropy Loss Functions, section 2</a>
 */
public record MinimizabilityGap(double bestInClass, double pointwise) {
    /** Of a comp-sum loss at equally likely inputs with known probabilities (inputs, classes), from the scores of the best scorer of the class. */
    public static MinimizabilityGap of(CompSumLoss loss, double[][] probabilities, double[][] best) {
        double gap = ConditionalRegret.mean(loss, probabilities, best).surrogate();
        double pointwise = 0;
        for (double[] p : probabilities) pointwise += ConditionalRegret.of(loss, p).leastRisk() / probabilities.length;
        return new MinimizabilityGap(pointwise + gap, pointwise);
    }

    /** M. */
    public double value() {
        return bestInClass - pointwise;
    }
}
