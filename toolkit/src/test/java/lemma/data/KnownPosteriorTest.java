package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import lemma.train.Batch;
import org.junit.jupiter.api.Test;

/** Generators whose class probabilities are known, and labels replaced on purpose. */
class KnownPosteriorTest {
    @Test
    void thePosteriorOfAMixtureIsBayesRule() {
        GaussianMixture g = GaussianMixture.circle(3, 1.5, 0.8);
        Batch b = g.sample(50, Random.seed(1));
        double[][] means = new double[3][];
        for (int k = 0; k < 3; k++) means[k] = g.means().get(k).toDoubles();
        for (int i = 0; i < 50; i++) {
            double[] x = b.x().get(i).toDoubles();
            double[] density = new double[3];
            double sum = 0;
            for (int k = 0; k < 3; k++) sum += density[k] = Math.exp(-(Math.pow(x[0] - means[k][0], 2) + Math.pow(x[1] - means[k][1], 2)) / (2 * 0.64));
            double[] p = g.posterior(b.x()).get(i).toDoubles();
            for (int k = 0; k < 3; k++) assertThat(p[k]).isCloseTo(density[k] / sum, within(1e-12));
        }
    }

    @Test
    void classesComeAboutAsOftenAsThePosteriorSays() {
        GaussianMixture g = GaussianMixture.random(4, 3, 1, 2);
        int n = 40_000;
        Batch b = g.sample(n, Random.seed(3));
        Tensor p = g.posterior(b.x());
        Tensor hit = b.y().oneHot(4).to(DType.FLOAT64);
        for (double gap : hit.sub(p).mul(p).mean(0).toDoubles()) assertThat(gap).isCloseTo(0, within(4 * 0.5 / Math.sqrt(n)));
        double error = 1 - p.argmax(1).eq(b.y()).mean().item();
        assertThat(g.bayesError(n, 4)).isCloseTo(error, within(4 * Math.sqrt(0.5 / n)));
    }

    @Test
    void twoClassesHaveTheErrorOfTheNormalTail() {
        GaussianMixture g = new GaussianMixture(Tensor.of(new double[][] {{-1}, {1}}), 1);
        assertThat(g.bayesError(100_000, 5)).isCloseTo(0.158655, within(4 * 0.2 / Math.sqrt(100_000)));
    }

    @Test
    void labelsFlipAsOftenAsAskedAndNeverToThemselves() {
        int n = 20_000;
        Tensor y = Random.seed(6).integers(0, 5, n);
        LabelNoise noise = LabelNoise.symmetric(y, 5, 0.6, Random.seed(7));
        long[] before = y.toLongs();
        long[] after = noise.labels().toLongs();
        int[] by = new int[5];
        int flipped = 0;
        for (int i = 0; i < n; i++) {
            assertThat(noise.flipped()[i]).isEqualTo(before[i] != after[i]);
            if (noise.flipped()[i]) {
                flipped++;
                by[(int) ((after[i] - before[i] + 5) % 5)]++;
            }
        }
        assertThat(flipped / (double) n).isCloseTo(0.6, within(4 * Math.sqrt(0.24 / n)));
        for (int k = 1; k < 5; k++) assertThat(by[k] / (double) flipped).isCloseTo(0.25, within(4 * Math.sqrt(0.19 / flipped)));
        assertThat(LabelNoise.symmetric(y, 5, 0, Random.seed(7)).labels().toLongs()).isEqualTo(before);
    }

    @Test
    void classDependentNoiseFollowsItsMap() {
        Tensor y = Random.seed(6).integers(0, 3, 3000);
        LabelNoise noise = LabelNoise.classDependent(y, new int[] {0, 2, 1}, 0.5, Random.seed(8));
        long[] before = y.toLongs();
        long[] after = noise.labels().toLongs();
        for (int i = 0; i < 3000; i++) assertThat(after[i]).isIn(before[i], new long[] {0, 2, 1}[(int) before[i]]);
        long moved = 0;
        for (boolean f : noise.flipped()) moved += f ? 1 : 0;
        assertThat(moved / 2000.0).isCloseTo(0.5, within(0.06));
        assertThatThrownBy(() -> LabelNoise.classDependent(y, new int[] {0, 3, 1}, 0.5, Random.seed(8))).hasMessageContaining("becomes 3");
        assertThatThrownBy(() -> LabelNoise.symmetric(y, 2, 0.5, Random.seed(8))).hasMessageContaining("label is 2");
    }
}
