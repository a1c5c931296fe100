package lemma.tensor;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static lemma.tensor.FloatMath.F;
import static lemma.tensor.FloatMath.LANES;
import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/** Largest values of windows of two by two in FLOAT32, side by side without padding. */
final class FloatPool {
    private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(F, i -> 2 * i % LANES);
    private static final VectorShuffle<Float> ODD = VectorShuffle.fromOp(F, i -> (2 * i + 1) % LANES);
    private static final VectorMask<Float> SECOND = secondHalf();

    private FloatPool() {}

    private static VectorMask<Float> secondHalf() {
        boolean[] lanes = new boolean[LANES];
        for (int i = LANES / 2; i < LANES; i++) lanes[i] = true;
        return VectorMask.fromArray(F, lanes, 0);
    }

    /**
     * One row of results from two rows of {@code w} elements: n values to {@code y}, and to {@code position} where in the plane each was
     * found first, the upper row beginning at {@code start}. {@code taken} is room for a vector.
     */
    static void max(long upper, int w, long y, long position, long start, int n, long taken) {
        long lower = upper + 4L * w;
        for (int j = 0; j < n; j += LANES) {
            int here = Math.min(LANES, n - j);
            maxOfFour(upper + 8L * j, lower + 8L * j, 2 * here, w, y + 4L * j, taken);
            for (int lane = 0; lane < here; lane++) {
                Raw.i64(position + 8L * (j + lane), start + 2L * (j + lane) + (long) Raw.f32(taken + 4L * lane));
            }
        }
    }

    private static void maxOfFour(long upper, long lower, int columns, int w, long y, long taken) {
        VectorMask<Float> first = F.indexInRange(0, (4L * Math.min(LANES, columns)) >> 2);
        VectorMask<Float> second = F.indexInRange(0, (4L * Math.max(0, columns - LANES)) >> 2);
        FloatVector a = fromMemorySegment(F, ALL, upper, ORDER, first);
        FloatVector b = fromMemorySegment(F, ALL, upper + STEP, ORDER, second);
        FloatVector c = fromMemorySegment(F, ALL, lower, ORDER, first);
        FloatVector d = fromMemorySegment(F, ALL, lower + STEP, ORDER, second);
        FloatVector best = a.rearrange(EVEN).blend(b.rearrange(EVEN), SECOND);
        FloatVector tap = FloatVector.zero(F);
        FloatVector v = a.rearrange(ODD).blend(b.rearrange(ODD), SECOND);
        // larger, or the first NaN
        VectorMask<Float> wins = v.compare(VectorOperators.GT, best).or(v.compare(VectorOperators.NE, v).andNot(best.compare(VectorOperators.NE, best)));
        best = best.blend(v, wins);
        tap = tap.blend(FloatVector.broadcast(F, 1f), wins);
        v = c.rearrange(EVEN).blend(d.rearrange(EVEN), SECOND);
        wins = v.compare(VectorOperators.GT, best).or(v.compare(VectorOperators.NE, v).andNot(best.compare(VectorOperators.NE, best)));
        best = best.blend(v, wins);
        tap = tap.blend(FloatVector.broadcast(F, (float) w), wins);
        v = c.rearrange(ODD).blend(d.rearrange(ODD), SECOND);
        wins = v.compare(VectorOperators.GT, best).or(v.compare(VectorOperators.NE, v).andNot(best.compare(VectorOperators.NE, best)));
        best = best.blend(v, wins);
        tap = tap.blend(FloatVector.broadcast(F, (float) (w + 1)), wins);
        best.intoMemorySegment(ALL, y, ORDER, F.indexInRange(0, (2L * columns) >> 2));
        tap.intoMemorySegment(ALL, taken, ORDER);
    }
}
