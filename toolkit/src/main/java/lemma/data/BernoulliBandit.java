package lemma.data;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Decision sequences: arms with win probabilities drawn uniformly for each sequence, pulled at random; what does the next pull bring? After s
 * wins in n pulls of that arm the best answer is {@code (s + 1) / (n + 2)}, Laplace's rule, whose log loss is the floor.
 *
 * @param arms number of arms
 */
public record BernoulliBandit(int arms) {
    public BernoulliBandit {
        if (arms < 1) throw new IllegalArgumentException("BernoulliBandit: arms is " + arms + ", expected at least 1");
    }

    /**
     * Played sequences.
     *
     * @param inputs FLOAT64 (sequences, length, 2 arms + 1): the arm to be pulled now and the arm pulled before, one-hot, and 1 or -1 for what the
     *     pull before brought; zeros where there was none
     * @param rewards what the pulls bring, 0 or 1, FLOAT64 (sequences, length)
     * @param bayes probability of a reward by Laplace's rule, FLOAT64 (sequences, length)
     */
    public record Sample(Tensor inputs, Tensor rewards, Tensor bayes) {
        /** Mean log loss of Laplace's rule on these sequences, in nats a pull: no rule has less in expectation. */
        public double floor() {
            Tensor hit = bayes.mul(rewards).add(bayes.rsub(1).mul(rewards.rsub(1)));
            return -hit.log().mean().item();
        }
    }

    public Sample sample(int sequences, int length, Random random) {
        double[] chance = random.fork(0).uniform(Shape.of(sequences, arms), DType.FLOAT64).toDoubles();
        double[] u = random.fork(1).uniform(Shape.of(sequences, length), DType.FLOAT64).toDoubles();
        int[] pulled = random.fork(2).integers(0, arms, sequences, length).to(DType.INT32).toInts();
        int features = 2 * arms + 1;
        double[] x = new double[sequences * length * features];
        double[] rewards = new double[sequences * length];
        double[] bayes = new double[sequences * length];
        for (int s = 0; s < sequences; s++) {
            int[] wins = new int[arms];
            int[] pulls = new int[arms];
            for (int t = 0; t < length; t++) {
                int at = s * length + t;
                int arm = pulled[at];
                x[at * features + arm] = 1;
                if (t > 0) {
                    x[at * features + arms + pulled[at - 1]] = 1;
                    x[at * features + 2 * arms] = 2 * rewards[at - 1] - 1;
                }
                bayes[at] = (wins[arm] + 1.0) / (pulls[arm] + 2.0);
                rewards[at] = u[at] < chance[s * arms + arm] ? 1 : 0;
                pulls[arm]++;
                wins[arm] += (int) rewards[at];
            }
        }
        return new Sample(Tensor.of(x, sequences, length, features), Tensor.of(rewards, sequences, length), Tensor.of(bayes, sequences, length));
    }
}
