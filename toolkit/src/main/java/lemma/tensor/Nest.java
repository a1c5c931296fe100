package lemma.tensor;

/**
 * The loop nest over up to three operands of one shape: axes of length 1 dropped, neighbours joined where every operand allows it.
 * The last axis is the inner loop; strides are in elements.
 */
final class Nest {
    /** Lengths; at least one. */
    final long[] dims;
    /** Strides by operand, then axis. */
    final long[][] strides;
    final int rank;

    private Nest(long[] dims, long[][] strides, int rank) {
        this.dims = dims;
        this.strides = strides;
        this.rank = rank;
    }

    static Nest of(int[] shape, long[]... operands) {
        int k = operands.length;
        long[] dims = new long[Math.max(1, shape.length)];
        long[][] strides = new long[k][dims.length];
        int rank = 0;
        for (int d = 0; d < shape.length; d++) {
            if (shape[d] == 1) continue;
            if (rank > 0 && joins(strides, operands, rank - 1, d, shape[d])) {
                dims[rank - 1] *= shape[d];
                for (int o = 0; o < k; o++) strides[o][rank - 1] = operands[o][d];
            } else {
                dims[rank] = shape[d];
                for (int o = 0; o < k; o++) strides[o][rank] = operands[o][d];
                rank++;
            }
        }
        if (rank > 0) return new Nest(dims, strides, rank);
        dims[0] = 1;
        for (int o = 0; o < k; o++) strides[o][0] = 1;
        return new Nest(dims, strides, 1);
    }

    private static boolean joins(long[][] strides, long[][] operands, int last, int d, int length) {
        for (int o = 0; o < operands.length; o++) if (strides[o][last] != operands[o][d] * length) return false;
        return true;
    }

    /** {@code t}'s strides seen from {@code shape}, to which it broadcasts: 0 along new and stretched axes. */
    static long[] broadcast(Tensor t, Shape shape) {
        int[] from = t.shape().raw();
        int[] to = shape.raw();
        long[] s = new long[to.length];
        int lead = to.length - from.length;
        for (int i = 0; i < from.length; i++) s[lead + i] = from[i] == 1 && to[lead + i] != 1 ? 0 : t.strides()[i];
        return s;
    }

    long innerLength() {
        return dims[rank - 1];
    }

    long innerStride(int operand) {
        return strides[operand][rank - 1];
    }

    /** A stretch of the inner loop: {@code n} elements from flat index {@code index}, where the operands stand at the offsets. */
    @FunctionalInterface
    interface Run {
        void at(long index, long offset0, long offset1, long offset2, long n);
    }

    /** Calls {@code body} with the runs that make up the flat indices {@code [from, to)}. */
    void runs(long from, long to, Run body) {
        int inner = rank - 1;
        long[] at = new long[rank];
        long[] offset = new long[3];
        long rest = from;
        for (int d = inner; d >= 0; d--) {
            at[d] = rest % dims[d];
            rest /= dims[d];
            for (int o = 0; o < strides.length; o++) offset[o] += at[d] * strides[o][d];
        }
        for (long i = from; i < to; ) {
            long n = Math.min(dims[inner] - at[inner], to - i);
            body.at(i, offset[0], offset[1], offset[2], n);
            i += n;
            for (int o = 0; o < strides.length; o++) offset[o] -= at[inner] * strides[o][inner];
            at[inner] = 0;
            step(at, offset, inner - 1);
        }
    }

    private void step(long[] at, long[] offset, int from) {
        for (int d = from; d >= 0; d--) {
            for (int o = 0; o < strides.length; o++) offset[o] += strides[o][d];
            if (++at[d] < dims[d]) return;
            for (int o = 0; o < strides.length; o++) offset[o] -= at[d] * strides[o][d];
            at[d] = 0;
        }
    }
}
