package lemma.tensor;

import lemma.tensor.Backend.Unroll;

/**
 * Recurrent cells over all time steps. Each thread takes some rows of the batch through the whole of time, so that no step waits for
 * another thread; what all steps share, the product with the input's weights and the gradient of the weights, is one product outside.
 */
final class CpuRecurrence {
    /** Multiplications below which a second thread does not pay. */
    private static final long SPLIT = 1 << 18;

    /** Rows that take each step together, so that the panels of the weights are read once for all of them. */
    private static final int TOGETHER = 16;

    private final Cell cell;
    private final DType type;
    private final int batch;
    private final int time;
    private final int hidden;
    private final boolean reverse;
    /** Bytes of h numbers, of a row of all gates. */
    private final long unit;
    private final long gates;

    private CpuRecurrence(Cell cell, Tensor y, boolean reverse) {
        this.cell = cell;
        this.type = y.dtype();
        this.batch = y.dim(0);
        this.time = y.dim(1);
        this.hidden = y.dim(2);
        this.reverse = reverse;
        this.unit = (long) hidden * type.bytes();
        this.gates = cell.gates() * unit;
    }

    /** Runs {@code body} on stretches of the batch. */
    private void forRows(Threads.Range body) {
        int threads = Threads.count();
        long each = Math.max(1, (long) time * cell.gates() * hidden * hidden);
        Threads.parallel(batch, Math.max((batch + threads - 1) / threads, SPLIT / each), (lo, hi) -> {
            for (long r = lo; r < hi; r += TOGETHER) body.run(r, Math.min(hi, r + TOGETHER));
        });
    }

    /** The time of step s. */
    private int at(int s) {
        return reverse ? time - 1 - s : s;
    }

    /** Where the row of the step before lies: before the first step, that of the initial state (b, h). */
    private long before(int s, int row, Rows array, long initial) {
        return s == 0 ? initial + row * unit : array.at(row, at(s - 1));
    }

    // ---- forward ----

    /** saved may be null where no gradient will be asked for, memories is null but for LSTM. */
    static void forward(Unroll a, Tensor y, Tensor memories, Tensor saved) {
        if (y.size() == 0) return;
        CpuRecurrence run = new CpuRecurrence(a.cell(), y, a.reverse());
        Dense in = new Dense(a.x(), a.bias(), a.h(), a.c());
        StepProduct product = StepProduct.of(a.weight().detach().t(), (long) run.batch * run.time);
        try {
            Forward f = run.new Forward(product, in.rows(0), in.address(1), in.address(2), in.address(3), Rows.of(y), Rows.of(saved), Rows.of(memories));
            run.forRows((lo, hi) -> f.rows((int) lo, (int) hi));
        } finally {
            product.close();
            in.close();
        }
    }

    private final class Forward {
        private final StepProduct product;
        private final Rows x;
        private final long bias;
        private final long h0;
        private final long c0;
        private final Rows y;
        private final Rows saved;
        private final Rows cells;

        Forward(StepProduct product, Rows x, long bias, long h0, long c0, Rows y, Rows saved, Rows cells) {
            this.product = product;
            this.x = x;
            this.bias = bias;
            this.h0 = h0;
            this.c0 = c0;
            this.y = y;
            this.saved = saved;
            this.cells = cells;
        }

        void rows(int lo, int hi) {
            Tensor sums = zeros(cell.gates() * hidden, hi - lo);
            Tensor room = zeros(hidden, 2 * cell.gates() + 4);
            try {
                for (int s = 0; s < time; s++) step(s, lo, hi, sums.address(), room.address());
            } finally {
                CpuCopy.drop(sums);
                CpuCopy.drop(room);
            }
        }

        private void step(int s, int lo, int hi, long sums, long room) {
            int t = at(s);
            for (int r = lo; r < hi; r++) copy(cell == Cell.GRU ? bias : x.at(r, t), sums + (r - lo) * gates, gates);
            product.add(hi - lo, before(s, lo, y, h0), s == 0 ? unit : y.row, sums);
            for (int r = lo; r < hi; r++) {
                long keep = saved == null ? room + 2 * gates : saved.at(r, t);
                long c = cells == null ? 0 : before(s, r, cells, c0);
                cellForward(sums + (r - lo) * gates, x.at(r, t), before(s, r, y, h0), c, y.at(r, t), keep, cells == null ? 0 : cells.at(r, t), room);
            }
        }
    }

    private void cellForward(long sums, long x, long h, long c, long y, long keep, long memory, long room) {
        switch (cell) {
            case LSTM -> {
                map(Unary.SIGMOID, sums, keep, 2);
                map(Unary.TANH, sums + 2 * unit, keep + 2 * unit, 1);
                map(Unary.SIGMOID, sums + 3 * unit, keep + 3 * unit, 1);
                if (vectors()) FloatCells.lstmMemory(keep, c, memory, unit);
                else PlainCells.lstmMemory(type, keep, c, memory, hidden);
                map(Unary.TANH, memory, room, 1);
                if (vectors()) FloatCells.mul(keep + 3 * unit, room, y, unit);
                else PlainCells.mul(type, keep + 3 * unit, room, y, hidden);
            }
            case GRU -> gruForward(sums, x, h, y, keep, room);
            case RNN_TANH -> map(Unary.TANH, sums, y, 1);
            case RNN_RELU -> map(Unary.RELU, sums, y, 1);
        }
    }

    private void gruForward(long sums, long x, long h, long y, long keep, long room) {
        if (vectors()) FloatCells.add(x, sums, room, 2 * unit);
        else PlainCells.add(type, x, sums, room, 2L * hidden);
        map(Unary.SIGMOID, room, keep, 2);
        copy(sums + 2 * unit, keep + 3 * unit, unit);
        if (vectors()) FloatCells.mulAdd(x + 2 * unit, keep, sums + 2 * unit, room, unit);
        else PlainCells.mulAdd(type, x + 2 * unit, keep, sums + 2 * unit, room, hidden);
        map(Unary.TANH, room, keep + 2 * unit, 1);
        if (vectors()) FloatCells.gruState(keep + unit, keep + 2 * unit, h, y, unit);
        else PlainCells.gruState(type, keep + unit, keep + 2 * unit, h, y, hidden);
    }

    // ---- backward ----

    /** dx and du are the gradients of the input's part and of the state's part of the sums: one tensor but for GRU. */
    static void backward(Unroll a, Tensor[] forward, Tensor g, Tensor gc, Tensor dx, Tensor du, Tensor dh, Tensor dc) {
        Tensor y = forward[0];
        if (y.size() == 0) return;
        CpuRecurrence run = new CpuRecurrence(a.cell(), y, a.reverse());
        Dense in = new Dense(g, gc, y, forward[2], forward[1], a.h(), a.c());
        StepProduct product = StepProduct.of(a.weight().detach(), (long) run.batch * run.time);
        try {
            Backward b = run.new Backward(product, in, Rows.of(dx), Rows.of(du), dh.address(), dc == null ? 0 : dc.address());
            run.forRows((lo, hi) -> b.rows((int) lo, (int) hi));
        } finally {
            product.close();
            in.close();
        }
    }

    private final class Backward {
        private final StepProduct product;
        private final Rows g;
        private final Rows gc;
        private final Rows y;
        private final Rows saved;
        private final Rows cells;
        private final long h0;
        private final long c0;
        private final Rows dx;
        private final Rows du;
        private final long dh;
        private final long dc;

        Backward(StepProduct product, Dense in, Rows dx, Rows du, long dh, long dc) {
            this.product = product;
            this.g = in.rows(0);
            this.gc = in.rows(1);
            this.y = in.rows(2);
            this.saved = in.rows(3);
            this.cells = in.rows(4);
            this.h0 = in.address(5);
            this.c0 = in.address(6);
            this.dx = dx;
            this.du = du;
            this.dh = dh;
            this.dc = dc;
        }

        void rows(int lo, int hi) {
            Tensor state = zeros(hidden, hi - lo);
            Tensor memory = zeros(hidden, hi - lo);
            Tensor room = zeros(hidden, 2);
            try {
                for (int s = time - 1; s >= 0; s--) step(s, lo, hi, state.address(), memory.address(), room.address());
                copy(state.address(), dh + lo * unit, (hi - lo) * unit);
                if (dc != 0) copy(memory.address(), dc + lo * unit, (hi - lo) * unit);
            } finally {
                CpuCopy.drop(state);
                CpuCopy.drop(memory);
                CpuCopy.drop(room);
            }
        }

        private void step(int s, int lo, int hi, long state, long memory, long room) {
            long none = room + unit;
            int t = at(s);
            for (int r = lo; r < hi; r++) {
                long gy = g == null ? none : g.at(r, t);
                long dState = state + (r - lo) * unit;
                switch (cell) {
                    case LSTM -> {
                        long dMemory = memory + (r - lo) * unit;
                        lstmBackward(gy, gc == null ? none : gc.at(r, t), dState, dMemory, saved.at(r, t), cells.at(r, t), before(s, r, cells, c0), room, dx.at(r, t));
                    }
                    case GRU -> gruBackward(gy, dState, saved.at(r, t), before(s, r, y, h0), dx.at(r, t), du.at(r, t));
                    case RNN_TANH -> tanhBackward(gy, dState, y.at(r, t), dx.at(r, t));
                    case RNN_RELU -> reluBackward(gy, dState, y.at(r, t), dx.at(r, t));
                }
            }
            product.add(hi - lo, du.at(lo, t), du.row, state);
        }
    }

    private void lstmBackward(long g, long gc, long dh, long dc, long keep, long memory, long c, long room, long d) {
        map(Unary.TANH, memory, room, 1);
        if (!vectors()) {
            PlainCells.lstmBackward(type, g, gc, dh, dc, keep, c, room, d, hidden);
            return;
        }
        FloatCells.lstmOutputBackward(g, gc, dh, dc, keep + 3 * unit, room, d + 3 * unit, unit);
        FloatCells.lstmMemoryBackward(dc, keep, c, d, unit);
    }

    private void gruBackward(long g, long dh, long keep, long h, long dx, long du) {
        if (vectors()) FloatCells.gruBackward(g, dh, keep, h, dx, du, unit);
        else PlainCells.gruBackward(type, g, dh, keep, h, dx, du, hidden);
    }

    private void tanhBackward(long g, long dh, long y, long d) {
        if (vectors()) FloatCells.tanhBackward(g, dh, y, d, unit);
        else PlainCells.tanhBackward(type, g, dh, y, d, hidden);
    }

    private void reluBackward(long g, long dh, long y, long d) {
        if (vectors()) FloatCells.reluBackward(g, dh, y, d, unit);
        else PlainCells.reluBackward(type, g, dh, y, d, hidden);
    }

    // ---- pieces ----

    private boolean vectors() {
        return type == DType.FLOAT32 && Vectors.AVAILABLE;
    }

    private void map(Unary op, long x, long y, int units) {
        CpuElementwise.loop(op, type, x, y, (long) units * hidden);
    }

    private void copy(long from, long to, long bytes) {
        if (vectors()) FloatLoops.copy(from, to, bytes >> 2);
        else Raw.copy(from, to, bytes);
    }

    private Tensor zeros(int columns, int rows) {
        Tensor a = CpuCopy.temporary(Shape.of(rows, columns), type);
        Raw.zero(a.address(), a.size() * type.bytes());
        return a;
    }

    /** The rows of a (batch, time, n) array, each dense: bytes from one row of the batch to the next, and from one time to the next. */
    private record Rows(long address, long row, long step) {
        static Rows of(Tensor a) {
            if (a == null) return null;
            int bytes = a.dtype().bytes();
            return new Rows(a.address(), bytes * a.strides()[0], bytes * a.strides()[1]);
        }

        long at(int r, int t) {
            return address + r * row + t * step;
        }
    }

    /** Copies of what does not lie in dense rows; null stays null. */
    private static final class Dense {
        private final Tensor[] given;
        private final Tensor[] dense;

        Dense(Tensor... given) {
            this.given = given;
            this.dense = new Tensor[given.length];
            for (int i = 0; i < given.length; i++) if (given[i] != null) dense[i] = hasRows(given[i]) ? given[i] : CpuCopy.contiguous(given[i]);
        }

        private static boolean hasRows(Tensor a) {
            return a.rank() == 3 && a.strides()[2] == 1;
        }

        long address(int i) {
            return dense[i] == null ? 0 : dense[i].address();
        }

        Rows rows(int i) {
            return Rows.of(dense[i]);
        }

        void close() {
            for (int i = 0; i < given.length; i++) if (given[i] != null) CpuCopy.drop(dense[i], given[i]);
        }
    }
}
