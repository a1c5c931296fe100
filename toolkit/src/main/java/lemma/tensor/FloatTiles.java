package lemma.tensor;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static lemma.tensor.FloatMath.F;
import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * The register-blocked kernels of {@link DirectConvolution} in FLOAT32: a tile of results stays in registers while the taps run by.
 * A tap is an offset in bytes into the source, from a table of longs.
 */
final class FloatTiles {

    /** Results of one tile along the row: three vectors. */
    static final int WIDTH = 3 * FloatMath.LANES;
    /** Output channels of a full tile: 24 accumulators where there are 32 registers, 12 where there are 16. */
    static final int HEIGHT = FloatMath.LANES == 8 ? 4 : 8;
    /** Output channels and taps of a tile of the kernel's gradient. */
    static final int GRADIENT_HEIGHT = FloatMath.LANES == 8 ? 3 : 4;
    static final int GRADIENT_WIDTH = FloatMath.LANES == 8 ? 4 : 6;

    private static final VectorShuffle<Float> OTHER_8 = exchange(8);
    private static final VectorShuffle<Float> OTHER_4 = exchange(4);
    private static final VectorShuffle<Float> OTHER_2 = exchange(2);
    private static final VectorMask<Float> UPPER_8 = upper(8);
    private static final VectorMask<Float> UPPER_4 = upper(4);
    private static final VectorMask<Float> UPPER_2 = upper(2);
    private static final int[] FOLDED = IntStream.range(0, GRADIENT_HEIGHT * GRADIENT_WIDTH).map(FloatTiles::folded).toArray();

    private FloatTiles() {}

    private static VectorShuffle<Float> exchange(int half) {
        return VectorShuffle.fromOp(F, i -> (i ^ half) % FloatMath.LANES);
    }

    private static VectorMask<Float> upper(int half) {
        boolean[] lanes = new boolean[FloatMath.LANES];
        for (int i = 0; i < lanes.length; i++) lanes[i] = (i & half) != 0;
        return VectorMask.fromArray(F, lanes, 0);
    }

    /** {@code y[o][p] = sum over k of w[k][o] x[p + offset[k]]} for p over {@link #WIDTH} and {@code height} (8, 4 or 1) channels o, rows of y {@code row} bytes apart. */
    static void correlate(int height, long x, long offsets, long w, int taps, long y, long row) {
        switch (height) {
            case 8 -> correlate8(x, offsets, w, taps, y, row);
            case 4 -> correlate4(x, offsets, w, taps, y, row);
            default -> correlate1(x, offsets, w, taps, y);
        }
    }

    private static void correlate8(long x, long offsets, long w, int taps, long y, long row) {
        FloatVector a0 = FloatVector.zero(F), a1 = a0, a2 = a0;
        FloatVector b0 = a0, b1 = a0, b2 = a0;
        FloatVector c0 = a0, c1 = a0, c2 = a0;
        FloatVector d0 = a0, d1 = a0, d2 = a0;
        FloatVector e0 = a0, e1 = a0, e2 = a0;
        FloatVector f0 = a0, f1 = a0, f2 = a0;
        FloatVector g0 = a0, g1 = a0, g2 = a0;
        FloatVector h0 = a0, h1 = a0, h2 = a0;
        for (int k = 0; k < taps; k++) {
            long from = x + Raw.i64(offsets + 8L * k);
            long weights = w + 32L * k;
            FloatVector x0 = fromMemorySegment(F, ALL, from, ORDER);
            FloatVector x1 = fromMemorySegment(F, ALL, from + STEP, ORDER);
            FloatVector x2 = fromMemorySegment(F, ALL, from + 2 * STEP, ORDER);
            FloatVector v = FloatVector.broadcast(F, ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, weights));
            a0 = x0.fma(v, a0);
            a1 = x1.fma(v, a1);
            a2 = x2.fma(v, a2);
            v = FloatVector.broadcast(F, ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, weights + 4));
            b0 = x0.fma(v, b0);
            b1 = x1.fma(v, b1);
            b2 = x2.fma(v, b2);
            v = FloatVector.broadcast(F, ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, weights + 8));
            c0 = x0.fma(v, c0);
            c1 = x1.fma(v, c1);
            c2 = x2.fma(v, c2);
            v = FloatVector.broadcast(F, ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, weights + 12));
            d0 = x0.fma(v, d0);
            d1 = x1.fma(v, d1);
            d2 = x2.fma(v, d2);
            v = FloatVector.broadcast(F, ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, weights + 16));
            e0 = x0.fma(v, e0);
            e1 = x1.fma(v, e1);
            e2 = x2.fma(v, e2);
            v = FloatVector.broadcast(F, ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, weights + 20));
            f0 = x0.fma(v, f0);
            f1 = x1.fma(v, f1);
            f2 = x2.fma(v, f2);
            v = FloatVector.broadcast(F, ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, weights + 24));
            g0 = x0.fma(v, g0);
            g1 = x1.fma(v, g1);
            g2 = x2.fma(v, g2);
            v = FloatVector.broadcast(F, ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, weights + 28));
            h0 = x0.fma(v, h0);
            h1 = x1.fma(v, h1);
            h2 = x2.fma(v, h2);
        }
        a0.intoMemorySegment(ALL, y, ORDER);
        a1.intoMemorySegment(ALL, y + STEP, ORDER);
        a2.intoMemorySegment(ALL, y + 2 * STEP, ORDER);
        b0.intoMemorySegment(ALL, y + row, ORDER);
        b1.intoMemorySegment(ALL, y + row + STEP, ORDER);
        b2.intoMemorySegment(ALL, y + row + 2 * STEP, ORDER);
        c0.intoMemorySegment(ALL, y + 2 * row, ORDER);
        c1.intoMemorySegment(ALL, y + 2 * row + STEP, ORDER);
        c2.intoMemorySegment(ALL, y + 2 * row + 2 * STEP, ORDER);
        d0.intoMemorySegment(ALL, y + 3 * row, ORDER);
        d1.intoMemorySegment(ALL, y + 3 * row + STEP, ORDER);
        d2.intoMemorySegment(ALL, y + 3 * row + 2 * STEP, ORDER);
        e0.intoMemorySegment(ALL, y + 4 * row, ORDER);
        e1.intoMemorySegment(ALL, y + 4 * row + STEP, ORDER);
        e2.intoMemorySegment(ALL, y + 4 * row + 2 * STEP, ORDER);
        f0.intoMemorySegment(ALL, y + 5 * row, ORDER);
        f1.intoMemorySegment(ALL, y + 5 * row + STEP, ORDER);
        f2.intoMemorySegment(ALL, y + 5 * row + 2 * STEP, ORDER);
        g0.intoMemorySegment(ALL, y + 6 * row, ORDER);
        g1.intoMemorySegment(ALL, y + 6 * row + STEP, ORDER);
        g2.intoMemorySegment(ALL, y + 6 * row + 2 * STEP, ORDER);
        h0.intoMemorySegment(ALL, y + 7 * row, ORDER);
        h1.intoMemorySegment(ALL, y + 7 * row + STEP, ORDER);
        h2.intoMemorySegment(ALL, y + 7 * row + 2 * STEP, ORDER);
    }

    private static void correlate4(long x, long offsets, long w, int taps, long y, long row) {
        FloatVector a0 = FloatVector.zero(F), a1 = a0, a2 = a0;
        FloatVector b0 = a0, b1 = a0, b2 = a0;
        FloatVector c0 = a0, c1 = a0, c2 = a0;
        FloatVector d0 = a0, d1 = a0, d2 = a0;
        for (int k = 0; k < taps; k++) {
            long from = x + Raw.i64(offsets + 8L * k);
            long weights = w + 16L * k;
            FloatVector x0 = fromMemorySegment(F, ALL, from, ORDER);
            FloatVector x1 = fromMemorySegment(F, ALL, from + STEP, ORDER);
            FloatVector x2 = fromMemorySegment(F, ALL, from + 2 * STEP, ORDER);
            FloatVector v = FloatVector.broadcast(F, ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, weights));
            a0 = x0.fma(v, a0);
            a1 = x1.fma(v, a1);
            a2 = x2.fma(v, a2);
            v = FloatVector.broadcast(F, ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, weights + 4));
            b0 = x0.fma(v, b0);
            b1 = x1.fma(v, b1);
            b2 = x2.fma(v, b2);
            v = FloatVector.broadcast(F, ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, weights + 8));
            c0 = x0.fma(v, c0);
            c1 = x1.fma(v, c1);
            c2 = x2.fma(v, c2);
            v = FloatVector.broadcast(F, ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, weights + 12));
            d0 = x0.fma(v, d0);
            d1 = x1.fma(v, d1);
            d2 = x2.fma(v, d2);
        }
        a0.intoMemorySegment(ALL, y, ORDER);
        a1.intoMemorySegment(ALL, y + STEP, ORDER);
        a2.intoMemorySegment(ALL, y + 2 * STEP, ORDER);
        b0.intoMemorySegment(ALL, y + row, ORDER);
        b1.intoMemorySegment(ALL, y + row + STEP, ORDER);
        b2.intoMemorySegment(ALL, y + row + 2 * STEP, ORDER);
        c0.intoMemorySegment(ALL, y + 2 * row, ORDER);
        c1.intoMemorySegment(ALL, y + 2 * row + STEP, ORDER);
        c2.intoMemorySegment(ALL, y + 2 * row + 2 * STEP, ORDER);
        d0.intoMemorySegment(ALL, y + 3 * row, ORDER);
        d1.intoMemorySegment(ALL, y + 3 * row + STEP, ORDER);
        d2.intoMemorySegment(ALL, y + 3 * row + 2 * STEP, ORDER);
    }

    private static void correlate1(long x, long offsets, long w, int taps, long y) {
        FloatVector a0 = FloatVector.zero(F), a1 = a0, a2 = a0;
        for (int k = 0; k < taps; k++) {
            long from = x + Raw.i64(offsets + 8L * k);
            FloatVector v = FloatVector.broadcast(F, ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, w + 4L * k));
            a0 = fromMemorySegment(F, ALL, from, ORDER).fma(v, a0);
            a1 = fromMemorySegment(F, ALL, from + STEP, ORDER).fma(v, a1);
            a2 = fromMemorySegment(F, ALL, from + 2 * STEP, ORDER).fma(v, a2);
        }
        a0.intoMemorySegment(ALL, y, ORDER);
        a1.intoMemorySegment(ALL, y + STEP, ORDER);
        a2.intoMemorySegment(ALL, y + 2 * STEP, ORDER);
    }

    /**
     * {@code sums[o][k] += sum over p of g[o][p] x[p + offset[k]]} for 4 rows o of g, {@code row} bytes apart, 6 taps k and p over
     * {@code bytes}, a multiple of the vector's length; rows of sums are {@code sumRow} bytes apart. (3 rows and 4 taps where there are 16 registers.)
     */
    static void gradient(long g, long row, long x, long offsets, long bytes, long lanes, long sums, long sumRow) {
        if (GRADIENT_WIDTH == 6) gradient46(g, row, x, offsets, bytes, lanes);
        else gradient34(g, row, x, offsets, bytes, lanes);
        addSums(lanes, sums, sumRow);
    }

    private static void gradient46(long g, long row, long x, long offsets, long bytes, long lanes) {
        long t0 = x + Raw.i64(offsets);
        long t1 = x + Raw.i64(offsets + 8);
        long t2 = x + Raw.i64(offsets + 16);
        long t3 = x + Raw.i64(offsets + 24);
        long t4 = x + Raw.i64(offsets + 32);
        long t5 = x + Raw.i64(offsets + 40);
        FloatVector a0 = FloatVector.zero(F), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0;
        FloatVector b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0;
        FloatVector c0 = a0, c1 = a0, c2 = a0, c3 = a0, c4 = a0, c5 = a0;
        FloatVector d0 = a0, d1 = a0, d2 = a0, d3 = a0, d4 = a0, d5 = a0;
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector ga = fromMemorySegment(F, ALL, g + i, ORDER);
            FloatVector gb = fromMemorySegment(F, ALL, g + row + i, ORDER);
            FloatVector gc = fromMemorySegment(F, ALL, g + 2 * row + i, ORDER);
            FloatVector gd = fromMemorySegment(F, ALL, g + 3 * row + i, ORDER);
            FloatVector v = fromMemorySegment(F, ALL, t0 + i, ORDER);
            a0 = v.fma(ga, a0);
            b0 = v.fma(gb, b0);
            c0 = v.fma(gc, c0);
            d0 = v.fma(gd, d0);
            v = fromMemorySegment(F, ALL, t1 + i, ORDER);
            a1 = v.fma(ga, a1);
            b1 = v.fma(gb, b1);
            c1 = v.fma(gc, c1);
            d1 = v.fma(gd, d1);
            v = fromMemorySegment(F, ALL, t2 + i, ORDER);
            a2 = v.fma(ga, a2);
            b2 = v.fma(gb, b2);
            c2 = v.fma(gc, c2);
            d2 = v.fma(gd, d2);
            v = fromMemorySegment(F, ALL, t3 + i, ORDER);
            a3 = v.fma(ga, a3);
            b3 = v.fma(gb, b3);
            c3 = v.fma(gc, c3);
            d3 = v.fma(gd, d3);
            v = fromMemorySegment(F, ALL, t4 + i, ORDER);
            a4 = v.fma(ga, a4);
            b4 = v.fma(gb, b4);
            c4 = v.fma(gc, c4);
            d4 = v.fma(gd, d4);
            v = fromMemorySegment(F, ALL, t5 + i, ORDER);
            a5 = v.fma(ga, a5);
            b5 = v.fma(gb, b5);
            c5 = v.fma(gc, c5);
            d5 = v.fma(gd, d5);
        }
        a0.intoMemorySegment(ALL, lanes, ORDER);
        a1.intoMemorySegment(ALL, lanes + STEP, ORDER);
        a2.intoMemorySegment(ALL, lanes + 2 * STEP, ORDER);
        a3.intoMemorySegment(ALL, lanes + 3 * STEP, ORDER);
        a4.intoMemorySegment(ALL, lanes + 4 * STEP, ORDER);
        a5.intoMemorySegment(ALL, lanes + 5 * STEP, ORDER);
        b0.intoMemorySegment(ALL, lanes + 6 * STEP, ORDER);
        b1.intoMemorySegment(ALL, lanes + 7 * STEP, ORDER);
        b2.intoMemorySegment(ALL, lanes + 8 * STEP, ORDER);
        b3.intoMemorySegment(ALL, lanes + 9 * STEP, ORDER);
        b4.intoMemorySegment(ALL, lanes + 10 * STEP, ORDER);
        b5.intoMemorySegment(ALL, lanes + 11 * STEP, ORDER);
        c0.intoMemorySegment(ALL, lanes + 12 * STEP, ORDER);
        c1.intoMemorySegment(ALL, lanes + 13 * STEP, ORDER);
        c2.intoMemorySegment(ALL, lanes + 14 * STEP, ORDER);
        c3.intoMemorySegment(ALL, lanes + 15 * STEP, ORDER);
        c4.intoMemorySegment(ALL, lanes + 16 * STEP, ORDER);
        c5.intoMemorySegment(ALL, lanes + 17 * STEP, ORDER);
        d0.intoMemorySegment(ALL, lanes + 18 * STEP, ORDER);
        d1.intoMemorySegment(ALL, lanes + 19 * STEP, ORDER);
        d2.intoMemorySegment(ALL, lanes + 20 * STEP, ORDER);
        d3.intoMemorySegment(ALL, lanes + 21 * STEP, ORDER);
        d4.intoMemorySegment(ALL, lanes + 22 * STEP, ORDER);
        d5.intoMemorySegment(ALL, lanes + 23 * STEP, ORDER);
    }

    private static void gradient34(long g, long row, long x, long offsets, long bytes, long lanes) {
        long t0 = x + Raw.i64(offsets);
        long t1 = x + Raw.i64(offsets + 8);
        long t2 = x + Raw.i64(offsets + 16);
        long t3 = x + Raw.i64(offsets + 24);
        FloatVector a0 = FloatVector.zero(F), a1 = a0, a2 = a0, a3 = a0;
        FloatVector b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        FloatVector c0 = a0, c1 = a0, c2 = a0, c3 = a0;
        for (long i = 0; i < bytes; i += STEP) {
            FloatVector ga = fromMemorySegment(F, ALL, g + i, ORDER);
            FloatVector gb = fromMemorySegment(F, ALL, g + row + i, ORDER);
            FloatVector gc = fromMemorySegment(F, ALL, g + 2 * row + i, ORDER);
            FloatVector v = fromMemorySegment(F, ALL, t0 + i, ORDER);
            a0 = v.fma(ga, a0);
            b0 = v.fma(gb, b0);
            c0 = v.fma(gc, c0);
            v = fromMemorySegment(F, ALL, t1 + i, ORDER);
            a1 = v.fma(ga, a1);
            b1 = v.fma(gb, b1);
            c1 = v.fma(gc, c1);
            v = fromMemorySegment(F, ALL, t2 + i, ORDER);
            a2 = v.fma(ga, a2);
            b2 = v.fma(gb, b2);
            c2 = v.fma(gc, c2);
            v = fromMemorySegment(F, ALL, t3 + i, ORDER);
            a3 = v.fma(ga, a3);
            b3 = v.fma(gb, b3);
            c3 = v.fma(gc, c3);
        }
        a0.intoMemorySegment(ALL, lanes, ORDER);
        a1.intoMemorySegment(ALL, lanes + STEP, ORDER);
        a2.intoMemorySegment(ALL, lanes + 2 * STEP, ORDER);
        a3.intoMemorySegment(ALL, lanes + 3 * STEP, ORDER);
        b0.intoMemorySegment(ALL, lanes + 4 * STEP, ORDER);
        b1.intoMemorySegment(ALL, lanes + 5 * STEP, ORDER);
        b2.intoMemorySegment(ALL, lanes + 6 * STEP, ORDER);
        b3.intoMemorySegment(ALL, lanes + 7 * STEP, ORDER);
        c0.intoMemorySegment(ALL, lanes + 8 * STEP, ORDER);
        c1.intoMemorySegment(ALL, lanes + 9 * STEP, ORDER);
        c2.intoMemorySegment(ALL, lanes + 10 * STEP, ORDER);
        c3.intoMemorySegment(ALL, lanes + 11 * STEP, ORDER);
    }

    /** Adds the sum of each vector of a tile to its place: vectors are folded two into one until each sum is in two neighbouring lanes. */
    private static void addSums(long lanes, long sums, long sumRow) {
        int vectors = GRADIENT_HEIGHT * GRADIENT_WIDTH;
        if (FloatMath.LANES > 8) vectors = fold(lanes, vectors, OTHER_8, UPPER_8);
        if (FloatMath.LANES > 4) vectors = fold(lanes, vectors, OTHER_4, UPPER_4);
        if (FloatMath.LANES > 2) fold(lanes, vectors, OTHER_2, UPPER_2);
        for (int o = 0, i = 0; o < GRADIENT_HEIGHT; o++) {
            for (int k = 0; k < GRADIENT_WIDTH; k++, i++) {
                long to = sums + o * sumRow + 4L * k;
                long from = lanes + 4L * FOLDED[i];
                Raw.f32(to, Raw.f32(to) + (Raw.f32(from) + Raw.f32(from + 4)));
            }
        }
    }

    private static int fold(long lanes, int vectors, VectorShuffle<Float> other, VectorMask<Float> upper) {
        for (int v = 0; v < vectors / 2; v++) {
            FloatVector a = fromMemorySegment(F, ALL, lanes + 2 * v * STEP, ORDER);
            FloatVector b = fromMemorySegment(F, ALL, lanes + (2 * v + 1) * STEP, ORDER);
            a.blend(b.rearrange(other), upper).add(a.rearrange(other).blend(b, upper)).intoMemorySegment(ALL, lanes + v * STEP, ORDER);
        }
        return vectors / 2;
    }

    /** Where folding leaves vector {@code i}: the lowest bit of i chooses the upper half of the lanes, the next one the upper quarter of a half. */
    private static int folded(int i) {
        int lane = 0;
        int rest = i;
        for (int half = FloatMath.LANES / 2; half > 1; half /= 2, rest /= 2) lane += rest % 2 * half;
        return rest * FloatMath.LANES + lane;
    }

    /** {@code rows} runs of {@code n} elements from rows {@code fromRow} bytes apart to rows {@code toRow} bytes apart, {@code plus} added. */
    static void copyRows(long from, long fromRow, long to, long toRow, int rows, int n, float plus) {
        long bytes = 4L * n;
        long whole = bytes & -STEP;
        VectorMask<Float> m = F.indexInRange(0, (bytes - whole) >> 2);
        FloatVector b = FloatVector.broadcast(F, plus);
        for (int r = 0; r < rows; r++, from += fromRow, to += toRow) {
            for (long i = 0; i < whole; i += STEP) fromMemorySegment(F, ALL, from + i, ORDER).add(b).intoMemorySegment(ALL, to + i, ORDER);
            if (whole < bytes) fromMemorySegment(F, ALL, from + whole, ORDER, m).add(b).intoMemorySegment(ALL, to + whole, ORDER, m);
        }
    }

    /** As {@link #copyRows}, but writes zeros behind each row up to the end of a vector, {@link #spill} of n elements. */
    static void fillRows(long from, long fromRow, long to, long toRow, int rows, int n) {
        long bytes = 4L * n;
        long whole = bytes & -STEP;
        VectorMask<Float> m = F.indexInRange(0, (bytes - whole) >> 2);
        for (int r = 0; r < rows; r++, from += fromRow, to += toRow) {
            for (long i = 0; i < whole; i += STEP) fromMemorySegment(F, ALL, from + i, ORDER).intoMemorySegment(ALL, to + i, ORDER);
            fromMemorySegment(F, ALL, from + whole, ORDER, m).intoMemorySegment(ALL, to + whole, ORDER);
        }
    }

    /** Zeros that {@link #fillRows} writes behind a row of n elements. */
    static int spill(int n) {
        return FloatMath.LANES - n % FloatMath.LANES;
    }

    /** Zeros over {@code bytes}, rounded up to whole vectors. */
    static void zero(long to, long bytes) {
        FloatVector z = FloatVector.zero(F);
        for (long i = 0; i < bytes; i += STEP) z.intoMemorySegment(ALL, to + i, ORDER);
    }
}
