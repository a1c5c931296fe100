package lemma.tensor;

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
    private static final IntVector UPPER_8 = upper(8);
    private static final IntVector LOWER_8 = lower(8);
    private static final IntVector UPPER_4 = upper(4);
    private static final IntVector LOWER_4 = lower(4);
    private static final IntVector UPPER_2 = upper(2);
    private static final IntVector LOWER_2 = lower(2);
    private static final IntVector UPPER_1 = upper(1);
    private static final IntVector LOWER_1 = lower(1);

    private FloatTranspose() {}

    /** Where the upper of two rows that are {@code block} apart takes its elements from: its own blocks, and in place of every other one the other row's before. */
    private static IntVector upper(int block) {
        return places(i -> (i & block) == 0 ? i : LANES + i - block);
    }

    /** The same for the lower row. */
    private static IntVector lower(int block) {
        return places(i -> (i & block) == 0 ? i + block : LANES + i);
    }

    private static IntVector places(IntUnaryOperator place) {
        return IntVector.fromArray(BITS, IntStream.range(0, LANES).map(i -> place.applyAsInt(i) & 2 * LANES - 1).toArray(), 0);
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
            IntVector a = load(from);
            IntVector b = load(from + 2 * step);
            IntVector c = load(from + 4 * step);
            IntVector d = load(from + 6 * step);
            IntVector ac = UPPER_8.selectFrom(a, c);
            IntVector bd = UPPER_8.selectFrom(b, d);
            IntVector ca = LOWER_8.selectFrom(a, c);
            IntVector db = LOWER_8.selectFrom(b, d);
            store(UPPER_4.selectFrom(ac, bd), to + i * STEP);
            store(LOWER_4.selectFrom(ac, bd), to + (i + 4) * STEP);
            store(UPPER_4.selectFrom(ca, db), to + (i + 8) * STEP);
            store(LOWER_4.selectFrom(ca, db), to + (i + 12) * STEP);
        }
    }

    private static void fours(long from0, long from1, long step, long to) {
        for (int i = 0; i < 4; i++) {
            long from = ((i & 1) == 0 ? from0 : from1) + (i >> 1) * step;
            IntVector a = load(from);
            IntVector b = load(from + 2 * step);
            store(UPPER_4.selectFrom(a, b), to + i * STEP);
            store(LOWER_4.selectFrom(a, b), to + (i + 4) * STEP);
        }
    }

    private static void twosAndOnes(long from0, long from1, long fromStep, long to0, long to1, long toStep) {
        for (int i = 0; i < LANES / 2; i += 2) {
            long f = i * fromStep;
            long t = i * toStep;
            IntVector a = load(from0 + f);
            IntVector b = load(from1 + f);
            IntVector c = load(from0 + f + fromStep);
            IntVector d = load(from1 + f + fromStep);
            IntVector ac = UPPER_2.selectFrom(a, c);
            IntVector bd = UPPER_2.selectFrom(b, d);
            IntVector ca = LOWER_2.selectFrom(a, c);
            IntVector db = LOWER_2.selectFrom(b, d);
            store(UPPER_1.selectFrom(ac, bd), to0 + t);
            store(LOWER_1.selectFrom(ac, bd), to1 + t);
            store(UPPER_1.selectFrom(ca, db), to0 + t + toStep);
            store(LOWER_1.selectFrom(ca, db), to1 + t + toStep);
        }
    }

    private static IntVector load(long from) {
        return IntVector.fromMemorySegment(BITS, ALL, from, ORDER);
    }

    private static void store(IntVector bits, long to) {
        bits.intoMemorySegment(ALL, to, ORDER);
    }
}
