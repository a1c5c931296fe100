package lemma.nn;

import java.util.ArrayList;
import java.util.List;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * An LSTM with layer normalisation over time, a {@link LayerNormLstmCell} a step.
 *
 * <p>Shapes: {@code x (batch, time, in) -> (batch, time, hidden)}, all hidden states. More layers: one after the other in a {@link Sequential}.
 *
 * @param cell what happens in a step
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros, Hinton (2016), Layer Normalization, eq. 20 to 22</a>
 */
public record LayerNormLstm(LayerNormLstmCell cell) implements Module {
    /**
     * What a run over a sequence gives.
     *
     * @param y hidden states (batch, time, hidden)
     * @param last hidden state and memory after the last step, each (batch, hidden)
     */
    public record Output(Tensor y, LayerNormLstmCell.State last) {}

    public static LayerNormLstm of(int in, int hidden) {
        return new LayerNormLstm(LayerNormLstmCell.of(in, hidden));
    }

    public LayerNormLstm withEps(double eps) {
        return new LayerNormLstm(cell.withEps(eps));
    }

    @Override
    public Params params(Random random) {
        return cell.params(random);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return run(x, null, at).y();
    }

    /**
     * The same from a given state, to carry it from one stretch of a sequence to the next.
     *
     * @param initial state before the first step, or null for zeros
     * @param at parameters, as {@link Model#bind} gives them
     */
    public Output run(Tensor x, LayerNormLstmCell.State initial, Bound at) {
        if (x.rank() != 3 || x.dim(1) == 0 || x.dim(2) != cell.in()) throw new IllegalArgumentException("LayerNormLstm: x is " + x.shape() + ", expected (batch, at least one time step, " + cell.in() + ")");
        LayerNormLstmCell.State state = initial == null ? cell.zeros(x) : check(initial, x);
        List<Tensor> outputs = new ArrayList<>(x.dim(1));
        // by time first: each step then reads what lies side by side
        for (Tensor input : cell.input(x.transpose(0, 1).contiguous(), at).unbind(0)) {
            state = cell.next(input, state, at);
            outputs.add(state.h());
        }
        return new Output(Tensor.stack(outputs, 1), state);
    }

    private LayerNormLstmCell.State check(LayerNormLstmCell.State initial, Tensor x) {
        Shape expected = Shape.of(x.dim(0), cell.hidden());
        if (initial.h().shape().equals(expected) && initial.c().shape().equals(expected)) return initial;
        throw new IllegalArgumentException("LayerNormLstm: the initial state is h " + initial.h().shape() + ", c " + initial.c().shape() + ", expected " + expected + " each for x " + x.shape());
    }
}
