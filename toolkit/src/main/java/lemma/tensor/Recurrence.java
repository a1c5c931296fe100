package lemma.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lemma.tensor.Backend.Unroll;

/**
 * The time loops of recurrent layers as one operation each, forward and backward. x (batch, time, gates hidden) is the input's part of
 * the pre-activations, {@code x_t W_ih^T} with the biases, weight (gates hidden, hidden) the state's; h and c (batch, hidden) are the
 * initial state. {@code reverse} goes from the last step to the first. See {@link Cell} for the equations.
 *
 * <p>Where a higher derivative is asked for, the gradient is that of a loop of differentiable operations.
 */
public final class Recurrence {
    private Recurrence() {}

    /** All hidden states and all memory cells: {@code [h_t, c_t]}, each (batch, time, hidden). */
    public static Tensor[] lstm(Tensor x, Tensor weight, Tensor h, Tensor c, boolean reverse) {
        return run("lstm", new Unroll(Cell.LSTM, x, weight, null, h, c, reverse));
    }

    /** All hidden states (batch, time, hidden); bias (3 hidden) is the state's, which the reset gate acts on. */
    public static Tensor gru(Tensor x, Tensor weight, Tensor bias, Tensor h, boolean reverse) {
        return run("gru", new Unroll(Cell.GRU, x, weight, bias, h, null, reverse))[0];
    }

    /** All hidden states (batch, time, hidden) with {@link Cell#RNN_TANH} or {@link Cell#RNN_RELU}. */
    public static Tensor rnn(Cell cell, Tensor x, Tensor weight, Tensor h, boolean reverse) {
        if (cell != Cell.RNN_TANH && cell != Cell.RNN_RELU) throw new IllegalArgumentException("rnn: the cell is " + cell + ", expected RNN_TANH or RNN_RELU");
        return run("rnn", new Unroll(cell, x, weight, null, h, null, reverse))[0];
    }

    private static Tensor[] run(String op, Unroll a) {
        check(op, a);
        // with an axis of examples, each of which may have its own weights
        if (Arrays.stream(inputs(a)).anyMatch(Batching::isMapped)) return composed(a);
        Tensor[] out = Batching.backend(inputs(a)).recurrence(a, Views.isRecording(inputs(a)));
        Tensor y = Tensor.record(op, out[0], (g, h) -> gradients(a, out, g, null), inputs(a));
        if (a.cell() != Cell.LSTM) return new Tensor[] {y};
        return new Tensor[] {y, Tensor.record(op + "Memory", out[1], (g, c) -> gradients(a, out, null, g), inputs(a))};
    }

    private static Tensor[] inputs(Unroll a) {
        return switch (a.cell()) {
            case LSTM -> new Tensor[] {a.x(), a.weight(), a.h(), a.c()};
            case GRU -> new Tensor[] {a.x(), a.weight(), a.h(), a.bias()};
            case RNN_TANH, RNN_RELU -> new Tensor[] {a.x(), a.weight(), a.h()};
        };
    }

    private static void check(String op, Unroll a) {
        int gates = a.cell().gates();
        Shape x = a.x().shape();
        Shape w = a.weight().shape();
        if (x.rank() != 3 || w.rank() != 2 || x.dim(1) == 0 || w.dim(0) != gates * w.dim(1) || x.dim(2) != w.dim(0)) {
            throw new IllegalArgumentException(op + ": x is " + x + ", weight " + w + "; expected x (batch, at least one time step, " + gates + " hidden) and weight (" + gates + " hidden, hidden)");
        }
        Shape state = Shape.of(x.dim(0), w.dim(1));
        expect(op, "h", a.h(), state, x);
        if (a.cell() == Cell.LSTM) expect(op, "c", a.c(), state, x);
        if (a.cell() == Cell.GRU) expect(op, "bias", a.bias(), Shape.of(w.dim(0)), x);
        for (Tensor t : inputs(a)) {
            if (t.dtype().isFloat() && t.dtype() == a.x().dtype()) continue;
            throw new IllegalArgumentException(op + ": types are " + Arrays.stream(inputs(a)).map(Tensor::dtype).toList() + ", expected all FLOAT32 or all FLOAT64; convert with to(DType)");
        }
    }

    private static void expect(String op, String name, Tensor a, Shape shape, Shape x) {
        if (!a.shape().equals(shape)) throw new IllegalArgumentException(op + ": " + name + " is " + a.shape() + ", expected " + shape + " for x " + x);
    }

    /** Gradients of the inputs from those of the hidden states and the memory, of which one is null. */
    private static Tensor[] gradients(Unroll a, Tensor[] out, Tensor g, Tensor gc) {
        Tensor given = g == null ? gc : g;
        if (Views.isRecording(given) || Views.isRecording(inputs(a)) || Batching.isMapped(given)) return composedGradients(a, g, gc);
        Tensor[] d = given.backend().recurrenceBackward(a, new Tensor[] {out[0].detach(), out[1], out[2]}, g, gc);
        return switch (a.cell()) {
            case LSTM -> new Tensor[] {d[0], d[1], d[3], d[4]};
            case GRU -> new Tensor[] {d[0], d[1], d[3], d[2]};
            case RNN_TANH, RNN_RELU -> new Tensor[] {d[0], d[1], d[3]};
        };
    }

    /** In the order of {@link #inputs}; differentiable while a gradient is recorded. */
    static Tensor[] composedGradients(Unroll a, Tensor g, Tensor gc) {
        Tensor[] d = Tracing.run(() -> {
            List<Tensor> v = Arrays.stream(inputs(a)).map(Tensor::variable).toList();
            Tensor bias = a.cell() == Cell.GRU ? v.get(3) : null;
            Tensor c = a.cell() == Cell.LSTM ? v.get(3) : null;
            Tensor[] out = composed(new Unroll(a.cell(), v.get(0), v.get(1), bias, v.get(2), c, a.reverse()));
            return g == null ? Tracing.backward(out[1], gc, v) : Tracing.backward(out[0], g, v);
        });
        if (!Context.get().recording) for (int i = 0; i < d.length; i++) d[i] = d[i] == null ? null : d[i].detach();
        return d;
    }

    // ---- of single operations ----

    /** {@code [h_t, c_t]}, the second null but for LSTM. */
    static Tensor[] composed(Unroll a) {
        int time = a.x().dim(1);
        List<Tensor> states = new ArrayList<>(time);
        List<Tensor> memories = new ArrayList<>(time);
        Tensor h = a.h();
        Tensor c = a.c();
        for (int s = 0; s < time; s++) {
            Tensor x = a.x().get(Slice.all(), Slice.at(a.reverse() ? time - 1 - s : s));
            Tensor u = Functional.linear(h, a.weight(), a.bias());
            if (a.cell() == Cell.LSTM) {
                c = memory(x.add(u), c);
                h = gate(x.add(u), 3, 4).sigmoid().mul(c.tanh());
                memories.add(c);
            } else {
                h = state(a.cell(), x, u, h);
            }
            states.add(h);
        }
        return new Tensor[] {inTime(states, a.reverse()), a.cell() == Cell.LSTM ? inTime(memories, a.reverse()) : null};
    }

    private static Tensor memory(Tensor sum, Tensor c) {
        Tensor inputForget = sum.narrow(1, 0, sum.dim(1) / 2).sigmoid();
        return gate(inputForget, 1, 2).mul(c).add(gate(inputForget, 0, 2).mul(gate(sum, 2, 4).tanh()));
    }

    private static Tensor state(Cell cell, Tensor x, Tensor u, Tensor h) {
        if (cell == Cell.RNN_TANH) return x.add(u).tanh();
        if (cell == Cell.RNN_RELU) return x.add(u).relu();
        int both = 2 * h.dim(1);
        Tensor gates = x.narrow(1, 0, both).add(u.narrow(1, 0, both)).sigmoid();
        Tensor candidate = gate(x, 2, 3).add(gate(gates, 0, 2).mul(gate(u, 2, 3))).tanh();
        return candidate.add(gate(gates, 1, 2).mul(h.sub(candidate)));
    }

    /** Gate k of n. */
    private static Tensor gate(Tensor all, int k, int n) {
        int hidden = all.dim(1) / n;
        return all.narrow(1, k * hidden, (k + 1) * hidden);
    }

    private static Tensor inTime(List<Tensor> steps, boolean reverse) {
        return Tensor.stack(reverse ? steps.reversed() : steps, 1);
    }
}
