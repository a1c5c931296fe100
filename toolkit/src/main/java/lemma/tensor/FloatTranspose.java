package lemma.tensor;

import static lemma.tensor.FloatMath.F;
import static lemma.tensor.FloatMath.LANES;
import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.FloatMath.at;
import static lemma.tensor.FloatMath.put;

import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/** Turns square tiles of four-byte elements in registers: with each stage, blocks half as long change places across the diagonal. */
final class FloatTranspose {
    private static final VectorShuffle<Float> UP_8 = turn(-8);
    private static final VectorShuffle<Float> UP_4 = turn(-4);
    private static final VectorShuffle<Float> UP_2 = turn(-2);
    private static final VectorShuffle<Float> UP_1 = turn(-1);
    private static final VectorShuffle<Float> DOWN_8 = turn(8);
    private static final VectorShuffle<Float> DOWN_4 = turn(4);
    private static final VectorShuffle<Float> DOWN_2 = turn(2);
    private static final VectorShuffle<Float> DOWN_1 = turn(1);
    private static final VectorMask<Float> BIT_8 = lanesWith(0xFF00);
    private static final VectorMask<Float> BIT_4 = lanesWith(0xF0F0);
    private static final VectorMask<Float> BIT_2 = lanesWith(0xCCCC);
    private static final VectorMask<Float> BIT_1 = lanesWith(0xAAAA);

    private FloatTranspose() {}

    private static VectorShuffle<Float> turn(int by) {
        return VectorShuffle.fromOp(F, i -> i + by & LANES - 1);
    }

    private static VectorMask<Float> lanesWith(long bits) {
        return VectorMask.fromLong(F, bits & (1L << LANES) - 1);
    }

    /** A tile of as many rows and columns as a vector has lanes; rows of the two matrices are {@code dr} and {@code sc} bytes apart. */
    static void tile(long to, long dr, long from, long sc) {
        long own = Scratch.get().address(4);
        for (int i = 0; i < LANES; i++) put(own + i * STEP, at(from + i * sc));
        if (LANES > 8) eights(own);
        if (LANES > 4) fours(own);
        if (LANES > 2) twos(own);
        ones(own);
        for (int i = 0; i < LANES; i++) put(to + i * dr, at(own + i * STEP));
    }

    private static void eights(long own) {
        for (int i = 0; i < LANES; i++) {
            if ((i & 8) != 0) continue;
            var a = at(own + i * STEP);
            var b = at(own + (i + 8) * STEP);
            put(own + i * STEP, a.blend(b.rearrange(UP_8), BIT_8));
            put(own + (i + 8) * STEP, a.rearrange(DOWN_8).blend(b, BIT_8));
        }
    }

    private static void fours(long own) {
        for (int i = 0; i < LANES; i++) {
            if ((i & 4) != 0) continue;
            var a = at(own + i * STEP);
            var b = at(own + (i + 4) * STEP);
            put(own + i * STEP, a.blend(b.rearrange(UP_4), BIT_4));
            put(own + (i + 4) * STEP, a.rearrange(DOWN_4).blend(b, BIT_4));
        }
    }

    private static void twos(long own) {
        for (int i = 0; i < LANES; i++) {
            if ((i & 2) != 0) continue;
            var a = at(own + i * STEP);
            var b = at(own + (i + 2) * STEP);
            put(own + i * STEP, a.blend(b.rearrange(UP_2), BIT_2));
            put(own + (i + 2) * STEP, a.rearrange(DOWN_2).blend(b, BIT_2));
        }
    }

    private static void ones(long own) {
        for (int i = 0; i < LANES; i += 2) {
            var a = at(own + i * STEP);
            var b = at(own + (i + 1) * STEP);
            put(own + i * STEP, a.blend(b.rearrange(UP_1), BIT_1));
            put(own + (i + 1) * STEP, a.rearrange(DOWN_1).blend(b, BIT_1));
        }
    }
}
