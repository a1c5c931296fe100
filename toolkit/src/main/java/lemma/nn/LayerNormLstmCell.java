package lemma.nn;

import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * One step of an LSTM whose sums are layer-normalised: {@code i, f, g, o = LN(W_ih x) + LN(W_hh h)}, {@code c' = sigmoid(f) c + sigmoid(i) tanh(g)},
 * {@code h' = sigmoid(o) tanh(LN(c'))}. The statistics are those of one example in one step, so that they depend neither on the batch nor
 * on the length of the sequence.
 *
 * <p>Shapes: {@code x (batch, in), h, c (batch, hidden)}; {@code weight_ih (4 hidden, in), weight_hh (4 hidden, hidden)} uniform in
 * {@code +-1/sqrt(hidden)} at start, gates in the order i, f, g, o as in {@link Lstm}; {@code layernorm_i, layernorm_h (4 hidden), layernorm_c
 * (hidden)} with weight 1 and bias 0. The biases of the norms stand for those of the gates.
 *
 * @param in features of x
 * @param hidden features of the state
 * @param eps added to the variances
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros, Hinton (2016), Layer Normalization, eq. 20 to 22</a>
 */
public record LayerNormLstmCell(int in, int hidden, double eps) {
    /** The state after a step: h and the memory c, each (batch, hidden). */
    public record State(Tensor h, Tensor c) {}

    public LayerNormLstmCell {
        if (in < 1 || hidden < 1) throw new IllegalArgumentException("LayerNormLstm: in " + in + ", hidden " + hidden + ", expected at least 1");
        if (!(eps >= 0)) throw new IllegalArgumentException("LayerNormLstm: eps " + eps + ", expected at least 0");
    }

    public static LayerNormLstmCell of(int in, int hidden) {
        return new LayerNormLstmCell(in, hidden, 1e-5);
    }

    public LayerNormLstmCell withEps(double eps) {
        return new LayerNormLstmCell(in, hidden, eps);
    }

    private LayerNorm norm(int features) {
        return LayerNorm.of(features).withEps(eps);
    }

    /** Fresh parameters. */
    public Params params(Random random) {
        Params weights = Params.of("weight_ih", Init.fanInUniform(random, hidden, 4 * hidden, in))
                .with("weight_hh", Init.fanInUniform(random, hidden, 4 * hidden, hidden));
        Params gates = norm(4 * hidden).params(random);
        return weights.withChild("layernorm_i", gates).withChild("layernorm_h", gates).withChild("layernorm_c", norm(hidden).params(random));
    }

    /** {@code h = c = 0} for x (batch, ...). */
    public State zeros(Tensor x) {
        Tensor zero = x.backend().full(Shape.of(x.dim(0), hidden), x.dtype(), 0);
        return new State(zero, zero);
    }

    /** The state after {@code x (batch, in)}. */
    public State step(Tensor x, State before, Bound at) {
        return next(input(x, at), before, at);
    }

    /** The input's part of the sums, {@code LN(W_ih x)}, of steps of any arrangement: x (..., in) to (..., 4 hidden). */
    Tensor input(Tensor x, Bound at) {
        if (x.rank() == 0 || x.dim(-1) != in) throw new IllegalArgumentException("LayerNormLstm: x is " + x.shape() + ", expected last axis " + in);
        return norm(4 * hidden).forward(Functional.linear(x, at.param("weight_ih"), null), at.child("layernorm_i"));
    }

    /** The state after a step with this input's part of the sums. */
    State next(Tensor input, State before, Bound at) {
        Tensor sums = input.add(norm(4 * hidden).forward(Functional.linear(before.h, at.param("weight_hh"), null), at.child("layernorm_h")));
        Tensor inputForget = sums.narrow(1, 0, 2 * hidden).sigmoid();
        Tensor candidate = sums.narrow(1, 2 * hidden, 3 * hidden).tanh();
        Tensor output = sums.narrow(1, 3 * hidden, 4 * hidden).sigmoid();
        Tensor c = inputForget.narrow(1, hidden, 2 * hidden).mul(before.c).add(inputForget.narrow(1, 0, hidden).mul(candidate));
        return new State(output.mul(norm(hidden).forward(c, at.child("layernorm_c")).tanh()), c);
    }
}
