package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.data.Textures.Kind;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import lemma.train.Batch;
import org.junit.jupiter.api.Test;

class TexturesTest {
    private static final Batch CLEAN = new Textures(16, 0).sample(1000, Random.seed(1));

    private static double[][] pictures(Kind kind) {
        double[] labels = CLEAN.y().toDoubles();
        double[][] all = rows();
        return IntStream.range(0, 1000).filter(i -> labels[i] == kind.ordinal()).mapToObj(i -> all[i]).toArray(double[][]::new);
    }

    private static double[][] rows() {
        double[] flat = CLEAN.x().toDoubles();
        double[][] rows = new double[1000][];
        for (int i = 0; i < 1000; i++) rows[i] = Arrays.copyOfRange(flat, 256 * i, 256 * (i + 1));
        return rows;
    }

    /** Whether moving by (dx, dy) changes nothing in any picture of the class. */
    private static boolean isUnchangedAlong(Kind kind, int dx, int dy) {
        for (double[] p : pictures(kind)) {
            for (int r = 1; r < 15; r++) {
                for (int c = 1; c < 15; c++) if (Math.abs(p[16 * r + c] - p[16 * (r + dy) + c + dx]) > 1e-5) return false;
            }
        }
        return true;
    }

    @Test
    void stripesRunInTheirDirections() {
        assertThat(isUnchangedAlong(Kind.HORIZONTAL, 1, 0)).isTrue();
        assertThat(isUnchangedAlong(Kind.VERTICAL, 0, 1)).isTrue();
        assertThat(isUnchangedAlong(Kind.RISING, 1, -1)).isTrue();
        assertThat(isUnchangedAlong(Kind.FALLING, 1, 1)).isTrue();
        assertThat(isUnchangedAlong(Kind.HORIZONTAL, 0, 1)).isFalse();
        assertThat(isUnchangedAlong(Kind.RINGS, 1, 0)).isFalse();
    }

    @Test
    void shapesCoverWhatTheirFormulasSay() {
        // radius uniform between 3 and 5: E r^2 = 49/3
        assertThat(area(Kind.DISC)).isCloseTo(Math.PI * 49 / 3, within(4.0));
        assertThat(area(Kind.SQUARE)).isCloseTo(4 * 49 / 3.0, within(5.0));
        assertThat(area(Kind.DIAMOND)).isCloseTo(2 * 49 / 3.0, within(3.0));
        // two bars, 2 wide and 2 r long, less the square that they share
        assertThat(area(Kind.CROSS)).isCloseTo(2 * 2 * 8 - 4, within(3.0));
    }

    private static double area(Kind kind) {
        double sum = 0;
        double[][] all = pictures(kind);
        for (double[] p : all) {
            for (double v : p) {
                assertThat(v == 0 || v == 1).isTrue();
                sum += v;
            }
        }
        return sum / all.length;
    }

    @Test
    void classesAreEquallyLikelyAndNoiseHasItsSpread() {
        for (Kind kind : Kind.values()) assertThat((double) pictures(kind).length).isCloseTo(100, within(4 * Math.sqrt(90)));
        Tensor noise = new Textures(16, 0.8).sample(1000, Random.seed(1)).x().sub(CLEAN.x());
        assertThat(Math.sqrt(noise.square().mean().item())).isCloseTo(0.8, within(4 * 0.8 / Math.sqrt(2 * 256_000)));
    }

    @Test
    void wrongSettingsAreQuoted() {
        assertThatThrownBy(() -> new Textures(4, 0)).hasMessageContaining("size 4");
        assertThatThrownBy(() -> new Textures(16, -1)).hasMessageContaining("noise -1.0");
        assertThatThrownBy(() -> Textures.of().sample(-1, Random.seed(1))).hasMessageContaining("-1");
    }
}
