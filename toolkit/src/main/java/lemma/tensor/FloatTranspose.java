package lemma.tensor;

import static jdk.incubator.vector.IntVector.fromMemorySegment;
import static lemma.tensor.FloatMath.LANES;
import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Turns square tiles of four-byte elements in registers: with each stage, blocks half as long change places across the diagonal. Two stages are
 * taken together, four vectors at a time, and the numbers are bits to it.
 */
final class FloatTranspose {
    private static final VectorSpecies<Integer> BITS = IntVector.SPECIES_PREFERRED;
    private static final IntVector UPPER_8 = IntVector.fromArray(BITS, upper(8), 0);
    private static final IntVector LOWER_8 = IntVector.fromArray(BITS, lower(8), 0);
    private static final IntVector UPPER_4 = IntVector.fromArray(BITS, upper(4), 0);
    private static final IntVector LOWER_4 = IntVector.fromArray(BITS, lower(4), 0);
    private static final IntVector UPPER_2 = IntVector.fromArray(BITS, upper(2), 0);
    private static final IntVector LOWER_2 = IntVector.fromArray(BITS, lower(2), 0);
    private static final IntVector UPPER_1 = IntVector.fromArray(BITS, upper(1), 0);
    private static final IntVector LOWER_1 = IntVector.fromArray(BITS, lower(1), 0);

    private FloatTranspose() {}

    /** Where the upper of two rows that are {@code block} apart takes its elements from: its own blocks, and in place of every other one the other row's before. */
    private static int[] upper(int block) {
        return places(i -> (i & block) == 0 ? i : LANES + i - block);
    }

    /** The same for the lower row. */
    private static int[] lower(int block) {
        return places(i -> (i & block) == 0 ? i + block : LANES + i);
    }

    private static int[] places(IntUnaryOperator place) {
        return IntStream.range(0, LANES).map(i -> place.applyAsInt(i) & 2 * LANES - 1).toArray();
    }

    /** A tile of as many rows and columns as a vector has lanes; rows of the two matrices are {@code dr} and {@code sc} bytes apart. */
    static void tile(long to, long dr, long from, long sc) {
        turn(from, from + sc, 2 * sc, to, to + dr, 2 * dr);
    }

    /**
     * Half a vector of pairs of each of {@code LANES} rows that start {@code row} bytes apart: their first numbers to vectors of neighbours at
     * {@code re}, their second ones at {@code im}.
     */
    static void apart(long from, long row, long re, long im) {
        turn(from, from + row, 2 * row, re, im, STEP);
    }

    /** What {@link #apart} undoes. */
    static void together(long re, long im, long to, long row) {
        turn(re, im, STEP, to, to + row, 2 * row);
    }

    /** Rows 0, 2, ... of the source start at {@code from0}, rows 1, 3, ... at {@code from1}, each {@code fromStep} bytes after the last; so the destination's. */
    private static void turn(long from0, long from1, long fromStep, long to0, long to1, long toStep) {
        if (LANES == 4) {
            twosAndOnes(from0, from1, fromStep, to0, to1, toStep);
            return;
        }
        long own = Scratch.get().address(4);
        if (LANES == 8) fours(from0, from1, fromStep, own);
        else eightsAndFours(from0, from1, fromStep, own);
        twosAndOnes(own, own + STEP, 2 * STEP, to0, to1, toStep);
    }

    private static void eightsAndFours(long from0, long from1, long step, long to) {
        for (int i = 0; i < 4; i++) {
            long from = ((i & 1) == 0 ? from0 : from1) + (i >> 1) * step;
            IntVector a = fromMemorySegment(BITS, ALL, from, ORDER);
            IntVector b = fromMemorySegment(BITS, ALL, from + 2 * step, ORDER);
            IntVector c = fromMemorySegment(BITS, ALL, from + 4 * step, ORDER);
            IntVector d = fromMemorySegment(BITS, ALL, from + 6 * step, ORDER);
            IntVector ac = UPPER_8.selectFrom(a, c);
            IntVector bd = UPPER_8.selectFrom(b, d);
            IntVector ca = LOWER_8.selectFrom(a, c);
            IntVector db = LOWER_8.selectFrom(b, d);
            UPPER_4.selectFrom(ac, bd).intoMemorySegment(ALL, to + i * STEP, ORDER);
            LOWER_4.selectFrom(ac, bd).intoMemorySegment(ALL, to + (i + 4) * STEP, ORDER);
            UPPER_4.selectFrom(ca, db).intoMemorySegment(ALL, to + (i + 8) * STEP, ORDER);
            LOWER_4.selectFrom(ca, db).intoMemorySegment(ALL, to + (i + 12) * STEP, ORDER);
        }
    }

    private static void fours(long from0, long from1, long step, long to) {
        for (int i = 0; i < 4; i++) {
            long from = ((i & 1) == 0 ? from0 : from1) + (i >> 1) * step;
            IntVector a = fromMemorySegment(BITS, ALL, from, ORDER);
            IntVector b = fromMemorySegment(BITS, ALL, from + 2 * step, ORDER);
            UPPER_4.selectFrom(a, b).intoMemorySegment(ALL, to + i * STEP, ORDER);
            LOWER_4.selectFrom(a, b).intoMemorySegment(ALL, to + (i + 4) * STEP, ORDER);
        }
    }

    private static void twosAndOnes(long from0, long from1, long fromStep, long to0, long to1, long toStep) {
        for (int i = 0; i < LANES / 2; i += 2) {
            long f = i * fromStep;
            long t = i * toStep;
            IntVector a = fromMemorySegment(BITS, ALL, from0 + f, ORDER);
            IntVector b = fromMemorySegment(BITS, ALL, from1 + f, ORDER);
            IntVector c = fromMemorySegment(BITS, ALL, from0 + f + fromStep, ORDER);
            IntVector d = fromMemorySegment(BITS, ALL, from1 + f + fromStep, ORDER);
            IntVector ac = UPPER_2.selectFrom(a, c);
            IntVector bd = UPPER_2.selectFrom(b, d);
            IntVector ca = LOWER_2.selectFrom(a, c);
            IntVector db = LOWER_2.selectFrom(b, d);
            UPPER_1.selectFrom(ac, bd).intoMemorySegment(ALL, to0 + t, ORDER);
            LOWER_1.selectFrom(ac, bd).intoMemorySegment(ALL, to1 + t, ORDER);
            UPPER_1.selectFrom(ca, db).intoMemorySegment(ALL, to0 + t + toStep, ORDER);
            LOWER_1.selectFrom(ca, db).intoMemorySegment(ALL, to1 + t + toStep, ORDER);
        }
    }
}
