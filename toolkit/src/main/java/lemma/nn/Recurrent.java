package lemma.nn;

import java.util.ArrayList;
import java.util.List;
import lemma.tensor.Cell;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Recurrence;
import lemma.tensor.Shape;
import lemma.tensor.Slice;
import lemma.tensor.Tensor;

/**
 * What {@link Lstm}, {@link Gru} and {@link Rnn} share: layers of recurrent cells, in one direction or in both, under PyTorch's names of
 * parameters: {@code weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, weight_ih_l0_reverse, ...}.
 */
record Recurrent(String name, Cell cell, int in, int hidden, int layers, boolean bidirectional, boolean bias, double dropout) {
    /** Hidden states of the last layer, and the last state of every layer and direction; c is null but for LSTM. */
    record Result(Tensor y, Tensor h, Tensor c) {}

    Recurrent {
        if (in < 1 || hidden < 1 || layers < 1) throw new IllegalArgumentException(name + ": in " + in + ", hidden " + hidden + ", layers " + layers + ", expected at least 1");
        if (!(dropout >= 0 && dropout < 1)) throw new IllegalArgumentException(name + ": dropout is " + dropout + ", expected 0 to less than 1");
    }

    private int directions() {
        return bidirectional ? 2 : 1;
    }

    private static String suffix(int layer, int direction) {
        return "_l" + layer + (direction == 1 ? "_reverse" : "");
    }

    Params params(Random random) {
        Params all = Params.EMPTY;
        int rows = cell.gates() * hidden;
        for (int layer = 0; layer < layers; layer++) {
            for (int direction = 0; direction < directions(); direction++) {
                String suffix = suffix(layer, direction);
                all = all.with("weight_ih" + suffix, Init.fanInUniform(random, hidden, rows, layer == 0 ? in : directions() * hidden))
                        .with("weight_hh" + suffix, Init.fanInUniform(random, hidden, rows, hidden));
                if (bias) all = all.with("bias_ih" + suffix, Init.fanInUniform(random, hidden, rows)).with("bias_hh" + suffix, Init.fanInUniform(random, hidden, rows));
            }
        }
        return all;
    }

    /** From the states h and, for LSTM, c (layers directions, batch, hidden); null stands for zeros. */
    Result run(Tensor x, Tensor h, Tensor c, Bound at) {
        check(x, h, c);
        List<Tensor> lastStates = new ArrayList<>();
        List<Tensor> lastMemories = new ArrayList<>();
        Tensor y = x;
        for (int layer = 0; layer < layers; layer++) {
            if (layer > 0) y = Dropout.of(dropout).forward(y, at);
            List<Tensor> outputs = new ArrayList<>();
            for (int direction = 0; direction < directions(); direction++) {
                boolean reverse = direction == 1;
                int index = layer * directions() + direction;
                Tensor[] out = loop(y, initial(h, index, x), cell == Cell.LSTM ? initial(c, index, x) : null, suffix(layer, direction), reverse, at);
                Slice last = Slice.at(reverse ? 0 : -1);
                outputs.add(out[0]);
                lastStates.add(out[0].get(Slice.all(), last));
                if (cell == Cell.LSTM) lastMemories.add(out[1].get(Slice.all(), last));
            }
            y = outputs.size() == 1 ? outputs.getFirst() : Tensor.concat(outputs, 2);
        }
        return new Result(y, Tensor.stack(lastStates, 0), cell == Cell.LSTM ? Tensor.stack(lastMemories, 0) : null);
    }

    private void check(Tensor x, Tensor h, Tensor c) {
        if (x.rank() != 3 || x.dim(2) != in || x.dim(1) == 0) {
            throw new IllegalArgumentException(name + ": x is " + x.shape() + ", expected (batch, at least one time step, " + in + ")");
        }
        Shape state = Shape.of(layers * directions(), x.dim(0), hidden);
        if (h != null && !h.shape().equals(state)) throw new IllegalArgumentException(name + ": the initial state h is " + h.shape() + ", expected " + state + " for x " + x.shape());
        if (c != null && !c.shape().equals(state)) throw new IllegalArgumentException(name + ": the initial memory c is " + c.shape() + ", expected " + state + " for x " + x.shape());
    }

    private Tensor initial(Tensor states, int index, Tensor x) {
        return states == null ? x.backend().full(Shape.of(x.dim(0), hidden), x.dtype(), 0) : states.get(index);
    }

    private Tensor[] loop(Tensor x, Tensor h, Tensor c, String suffix, boolean reverse, Bound at) {
        Tensor input = at.param("weight_ih" + suffix);
        Tensor weight = at.param("weight_hh" + suffix);
        Tensor own = bias ? at.param("bias_ih" + suffix) : null;
        Tensor states = bias ? at.param("bias_hh" + suffix) : null;
        // by time first: the loop then reads and writes what lies side by side
        Tensor steps = x.transpose(0, 1).contiguous();
        if (cell == Cell.GRU) {
            Tensor zeros = bias ? states : x.backend().full(Shape.of(weight.dim(0)), x.dtype(), 0);
            return new Tensor[] {Recurrence.gru(Functional.linear(steps, input, own).transpose(0, 1), weight, zeros, h, reverse)};
        }
        Tensor sums = Functional.linear(steps, input, bias ? own.add(states) : null).transpose(0, 1);
        return cell == Cell.LSTM ? Recurrence.lstm(sums, weight, h, c, reverse) : new Tensor[] {Recurrence.rnn(cell, sums, weight, h, reverse)};
    }
}
