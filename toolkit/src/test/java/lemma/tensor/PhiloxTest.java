package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PhiloxTest {
    private static final CpuBackend CPU = CpuBackend.INSTANCE;
    private static final DType[] FLOATS = {DType.FLOAT32, DType.FLOAT64};

    /** Known answers that the authors publish with their Random123 library. */
    @Test
    void encryptsTheKnownAnswers() {
        check(new int[] {0, 0, 0, 0}, 0, 0, new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
        check(new int[] {-1, -1, -1, -1}, -1, -1, new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
        check(new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0, new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
    }

    private static void check(int[] counter, int k0, int k1, int[] want) {
        int[] block = counter.clone();
        Philox.encrypt(block, k0, k1);
        assertThat(block).isEqualTo(want);
    }

    @Test
    void uniformWordsAreThoseOfTheBlocks() {
        int[] block = new int[4];
        Philox.block(99, 2, block);
        float[] u = CPU.uniform(99, 8, Shape.of(4), DType.FLOAT32).toFloats();
        double[] d = CPU.uniform(99, 4, Shape.of(2), DType.FLOAT64).toDoubles();
        for (int i = 0; i < 4; i++) assertThat(u[i]).isEqualTo((block[i] >>> 8) / 16777216f);
        long first = (block[0] & 0xFFFFFFFFL) | (long) block[1] << 32;
        assertThat(d[0]).isEqualTo((first >>> 11) * 0x1p-53);
    }

    @Test
    void aSplitCallGivesTheSameBits() {
        for (DType t : FLOATS) {
            double[] normal = CPU.normal(5, 16, Shape.of(100), t).toDoubles();
            double[] uniform = CPU.uniform(5, 16, Shape.of(100), t).toDoubles();
            for (int from = 0; from < 9; from++) {
                for (int n : new int[] {0, 1, 2, 3, 4, 5, 67}) {
                    assertThat(CPU.normal(5, 16 + from, Shape.of(n), t).toDoubles()).isEqualTo(Arrays.copyOfRange(normal, from, from + n));
                    assertThat(CPU.uniform(5, 16 + from, Shape.of(n), t).toDoubles()).isEqualTo(Arrays.copyOfRange(uniform, from, from + n));
                }
            }
        }
    }

    @Test
    void bitsDoNotDependOnThreads() {
        for (DType t : FLOATS) {
            double[] one = Threads.with(1, () -> CPU.normal(7, 1, Shape.of(50_001), t).toDoubles());
            for (int threads : new int[] {2, 4}) assertThat(Threads.with(threads, () -> CPU.normal(7, 1, Shape.of(50_001), t).toDoubles())).isEqualTo(one);
        }
    }

    /** Enough numbers to meet the lanes that are handed to StrictMath. */
    @Test
    void normalsHaveTheBitsOfStrictMath() {
        int n = 2_000_001;
        float[] single = CPU.normal(31, 3, Shape.of(n), DType.FLOAT32).toFloats();
        double[] wide = CPU.normal(31, 3, Shape.of(n), DType.FLOAT64).toDoubles();
        int[] words = new int[4];
        for (int i = 0; i < n; i++) {
            long c = 3 + i;
            Philox.block(31, c >> 2, words);
            int first = (int) c & 2;
            double small = boxMuller(((words[first] & 0xFFFFFFFFL) + 1) * 0x1p-32, (words[first + 1] & 0xFFFFFFFFL) * 0x1p-32, c);
            if (single[i] != (float) small) assertThat(single[i]).as("FLOAT32 number %d", c).isEqualTo((float) small);
            Philox.block(31, c >> 1, words);
            long u = words[0] & 0xFFFFFFFFL | (long) words[1] << 32;
            long v = words[2] & 0xFFFFFFFFL | (long) words[3] << 32;
            double large = boxMuller(((u >>> 11) + 1) * 0x1p-53, (v >>> 11) * 0x1p-53, c);
            if (wide[i] != large) assertThat(wide[i]).as("FLOAT64 number %d", c).isEqualTo(large);
        }
    }

    private static double boxMuller(double u, double v, long counter) {
        double r = Math.sqrt(-2 * StrictMath.log(u));
        double angle = 2 * Math.PI * v;
        return r * (counter % 2 == 0 ? StrictMath.cos(angle) : StrictMath.sin(angle));
    }

    /** Bounds are four standard errors of each moment. */
    @Test
    void momentsAreThoseOfTheDistributions() {
        int n = 1_000_000;
        for (DType t : FLOATS) {
            double[] u = CPU.uniform(11, 0, Shape.of(n), t).toDoubles();
            double[] z = CPU.normal(12, 0, Shape.of(n), t).toDoubles();
            double[] m = new double[5];
            double pairs = 0;
            for (int i = 0; i < n; i++) {
                m[0] += u[i] / n;
                for (int p = 1; p < 5; p++) m[p] += Math.pow(z[i], p) / n;
                if (i > 0) pairs += z[i] * z[i - 1] / n;
            }
            assertThat(Arrays.stream(u).min().orElseThrow()).isGreaterThanOrEqualTo(0);
            assertThat(Arrays.stream(u).max().orElseThrow()).isLessThan(1);
            assertThat(m[0]).isCloseTo(0.5, within(4 * Math.sqrt(1 / 12.0 / n)));
            assertThat(m[1]).isCloseTo(0, within(4 / Math.sqrt(n)));
            assertThat(m[2]).isCloseTo(1, within(4 * Math.sqrt(2.0 / n)));
            assertThat(m[3]).isCloseTo(0, within(4 * Math.sqrt(15.0 / n)));
            assertThat(m[4]).isCloseTo(3, within(4 * Math.sqrt(96.0 / n)));
            assertThat(pairs).isCloseTo(0, within(4 / Math.sqrt(n)));
        }
    }
}
