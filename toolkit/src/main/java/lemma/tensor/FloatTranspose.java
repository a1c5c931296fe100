package lemma.tensor;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static lemma.tensor.FloatMath.F;
import static lemma.tensor.FloatMath.LANES;
import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

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
        for (int i = 0; i < LANES; i++) fromMemorySegment(F, ALL, from + i * sc, ORDER).intoMemorySegment(ALL, own + i * STEP, ORDER);
        turn(own);
        for (int i = 0; i < LANES; i++) fromMemorySegment(F, ALL, own + i * STEP, ORDER).intoMemorySegment(ALL, to + i * dr, ORDER);
    }

    /**
     * Half a vector of pairs of each of {@code LANES} rows that start {@code row} bytes apart: their first numbers to vectors of neighbours at
     * {@code re}, their second ones at {@code im}.
     */
    static void apart(long from, long row, long re, long im) {
        long own = Scratch.get().address(4);
        for (int i = 0; i < LANES; i++) fromMemorySegment(F, ALL, from + i * row, ORDER).intoMemorySegment(ALL, own + i * STEP, ORDER);
        turn(own);
        for (int i = 0; i < LANES / 2; i++) {
            fromMemorySegment(F, ALL, own + 2 * i * STEP, ORDER).intoMemorySegment(ALL, re + i * STEP, ORDER);
            fromMemorySegment(F, ALL, own + (2 * i + 1) * STEP, ORDER).intoMemorySegment(ALL, im + i * STEP, ORDER);
        }
    }

    /** What {@link #apart} undoes. */
    static void together(long re, long im, long to, long row) {
        long own = Scratch.get().address(4);
        for (int i = 0; i < LANES / 2; i++) {
            fromMemorySegment(F, ALL, re + i * STEP, ORDER).intoMemorySegment(ALL, own + 2 * i * STEP, ORDER);
            fromMemorySegment(F, ALL, im + i * STEP, ORDER).intoMemorySegment(ALL, own + (2 * i + 1) * STEP, ORDER);
        }
        turn(own);
        for (int i = 0; i < LANES; i++) fromMemorySegment(F, ALL, own + i * STEP, ORDER).intoMemorySegment(ALL, to + i * row, ORDER);
    }

    private static void turn(long own) {
        if (LANES > 8) eights(own);
        if (LANES > 4) fours(own);
        if (LANES > 2) twos(own);
        ones(own);
    }

    private static void eights(long own) {
        for (int i = 0; i < LANES; i++) {
            if ((i & 8) != 0) continue;
            var a = fromMemorySegment(F, ALL, own + i * STEP, ORDER);
            var b = fromMemorySegment(F, ALL, own + (i + 8) * STEP, ORDER);
            a.blend(b.rearrange(UP_8), BIT_8).intoMemorySegment(ALL, own + i * STEP, ORDER);
            a.rearrange(DOWN_8).blend(b, BIT_8).intoMemorySegment(ALL, own + (i + 8) * STEP, ORDER);
        }
    }

    private static void fours(long own) {
        for (int i = 0; i < LANES; i++) {
            if ((i & 4) != 0) continue;
            var a = fromMemorySegment(F, ALL, own + i * STEP, ORDER);
            var b = fromMemorySegment(F, ALL, own + (i + 4) * STEP, ORDER);
            a.blend(b.rearrange(UP_4), BIT_4).intoMemorySegment(ALL, own + i * STEP, ORDER);
            a.rearrange(DOWN_4).blend(b, BIT_4).intoMemorySegment(ALL, own + (i + 4) * STEP, ORDER);
        }
    }

    private static void twos(long own) {
        for (int i = 0; i < LANES; i++) {
            if ((i & 2) != 0) continue;
            var a = fromMemorySegment(F, ALL, own + i * STEP, ORDER);
            var b = fromMemorySegment(F, ALL, own + (i + 2) * STEP, ORDER);
            a.blend(b.rearrange(UP_2), BIT_2).intoMemorySegment(ALL, own + i * STEP, ORDER);
            a.rearrange(DOWN_2).blend(b, BIT_2).intoMemorySegment(ALL, own + (i + 2) * STEP, ORDER);
        }
    }

    private static void ones(long own) {
        for (int i = 0; i < LANES; i += 2) {
            var a = fromMemorySegment(F, ALL, own + i * STEP, ORDER);
            var b = fromMemorySegment(F, ALL, own + (i + 1) * STEP, ORDER);
            a.blend(b.rearrange(UP_1), BIT_1).intoMemorySegment(ALL, own + i * STEP, ORDER);
            a.rearrange(DOWN_1).blend(b, BIT_1).intoMemorySegment(ALL, own + (i + 1) * STEP, ORDER);
        }
    }
}
