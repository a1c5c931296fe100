package lemma.tensor;

import static jdk.incubator.vector.LongVector.fromMemorySegment;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Loops over runs of INT64. */
final class LongLoops {
    private static final VectorSpecies<Long> L = LongVector.SPECIES_PREFERRED;
    private static final int LANES = L.length();
    private static final long STEP = L.vectorByteSize();

    private LongLoops() {}

    /** {@code y[i] = a[i] op b[i]}, where a mask of 0 reads one number again and again; false if there is no loop for {@code op}. */
    static boolean binary(Binary op, long a, long ma, long b, long mb, long y, long n) {
        long whole = n & -LANES;
        long left = ma == 0 ? splat(a, 0) : a;
        long right = mb == 0 ? splat(b, 1) : b;
        switch (op) {
            case ADD -> add(left, ma, right, mb, y, 8 * whole);
            case SUB -> sub(left, ma, right, mb, y, 8 * whole);
            case MUL -> mul(left, ma, right, mb, y, 8 * whole);
            case EQ -> eq(left, ma, right, mb, y, 8 * whole);
            case NE -> ne(left, ma, right, mb, y, 8 * whole);
            case LT -> lt(left, ma, right, mb, y, 8 * whole);
            case LE -> le(left, ma, right, mb, y, 8 * whole);
            case GT -> lt(right, mb, left, ma, y, 8 * whole);
            case GE -> le(right, mb, left, ma, y, 8 * whole);
            default -> {
                return false;
            }
        }
        PlainLoops.binary(op, DType.INT64, a + (8 * whole & ma), ma, b + (8 * whole & mb), mb, y + (op.isLogical() ? 1 : 8) * whole, n - whole);
        return true;
    }

    private static long splat(long from, int slot) {
        long to = Scratch.get().address(slot);
        LongVector.broadcast(L, Raw.i64(from)).intoMemorySegment(ALL, to, ORDER);
        return to;
    }

    private static void add(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(L, ALL, a + (i & ma), ORDER).add(fromMemorySegment(L, ALL, b + (i & mb), ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void sub(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(L, ALL, a + (i & ma), ORDER).sub(fromMemorySegment(L, ALL, b + (i & mb), ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void mul(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) fromMemorySegment(L, ALL, a + (i & ma), ORDER).mul(fromMemorySegment(L, ALL, b + (i & mb), ORDER)).intoMemorySegment(ALL, y + i, ORDER);
    }

    private static void eq(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) truth(y + (i >> 3), fromMemorySegment(L, ALL, a + (i & ma), ORDER).compare(VectorOperators.EQ, fromMemorySegment(L, ALL, b + (i & mb), ORDER)).toLong());
    }

    private static void ne(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) truth(y + (i >> 3), fromMemorySegment(L, ALL, a + (i & ma), ORDER).compare(VectorOperators.NE, fromMemorySegment(L, ALL, b + (i & mb), ORDER)).toLong());
    }

    private static void lt(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) truth(y + (i >> 3), fromMemorySegment(L, ALL, a + (i & ma), ORDER).compare(VectorOperators.LT, fromMemorySegment(L, ALL, b + (i & mb), ORDER)).toLong());
    }

    private static void le(long a, long ma, long b, long mb, long y, long bytes) {
        for (long i = 0; i < bytes; i += STEP) truth(y + (i >> 3), fromMemorySegment(L, ALL, a + (i & ma), ORDER).compare(VectorOperators.LE, fromMemorySegment(L, ALL, b + (i & mb), ORDER)).toLong());
    }

    /** A byte of 0 or 1 for each of up to eight lanes, whose bits are given. */
    static void truth(long address, long lanes) {
        long bytes = Long.expand(lanes, 0x0101010101010101L);
        if (LANES == 8) {
            Raw.i64(address, bytes);
        } else if (LANES == 4) {
            Raw.i32(address, (int) bytes);
        } else {
            Raw.i8(address, (byte) bytes);
            Raw.i8(address + 1, (byte) (bytes >> 8));
        }
    }

    /** Sum of n numbers; what does not fit wraps. */
    static long sum(long x, long n) {
        LongVector s = LongVector.zero(L);
        LongVector t = s;
        long bytes = 8 * n;
        long i = 0;
        for (; i + 2 * STEP <= bytes; i += 2 * STEP) {
            s = s.add(fromMemorySegment(L, ALL, x + i, ORDER));
            t = t.add(fromMemorySegment(L, ALL, x + i + STEP, ORDER));
        }
        long rest = 0;
        for (; i < bytes; i += 8) rest += Raw.i64(x + i);
        long[] lanes = s.add(t).toArray();
        for (long lane : lanes) rest += lane;
        return rest;
    }

    /** Fills whole vectors with eight bytes again and again, and what is left of {@code n} times eight bytes. */
    static void fill(long to, long n, long value) {
        LongVector v = LongVector.broadcast(L, value);
        long bytes = 8 * n;
        long i = 0;
        for (; i + STEP <= bytes; i += STEP) v.intoMemorySegment(ALL, to + i, ORDER);
        for (; i < bytes; i += 8) Raw.i64(to + i, value);
    }
}
