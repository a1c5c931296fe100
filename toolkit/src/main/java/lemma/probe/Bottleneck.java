package lemma.probe;

import java.util.List;
import lemma.nn.Bound;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * A net with a code in its middle that its loss may look at: {@code t = encoder(x), y = decoder(t)}. The output holds both, so that a loss can set what is
 * told about y against what is kept of x, for example by {@link CauchySchwarz} or {@link Hsic}.
 *
 * <p>Shapes: {@code x (n, ...) -> (n, outputs + code)}, the prediction first. {@link Variational} has a noisy code and {@code outputs + 3 code} columns: prediction, sampled
 * code, mean, logarithm of the variance.
 *
 * @param encoder to the code (n, code)
 * @param decoder from the code to (n, outputs)
 * @param code its width
 */
public record Bottleneck(Module encoder, Module decoder, int code) implements Module {
    public Bottleneck {
        checkCode("Bottleneck", code);
    }

    private static void checkCode(String name, int code) {
        if (code < 1) throw new IllegalArgumentException(name + ": code is " + code + ", expected at least 1");
    }

    @Override
    public Params params(Random random) {
        return both(encoder, decoder, random);
    }

    private static Params both(Module encoder, Module decoder, Random random) {
        return Params.EMPTY.withChild("encoder", encoder.params(random)).withChild("decoder", decoder.params(random));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        Tensor t = checked("Bottleneck", at.apply("encoder", encoder, x), code);
        return Tensor.concat(List.of(at.apply("decoder", decoder, t), t), 1);
    }

    private static Tensor checked(String name, Tensor encoded, int width) {
        if (encoded.rank() != 2 || encoded.dim(1) != width) throw new IllegalArgumentException(name + ": the encoder gives " + encoded.shape() + ", expected (n, " + width + ")");
        return encoded;
    }

    /** The prediction (n, outputs) in an output. */
    public Tensor prediction(Tensor output) {
        return output.narrow(1, 0, output.dim(1) - code);
    }

    /** The code (n, code) in an output. */
    public Tensor codeOf(Tensor output) {
        return output.narrow(1, output.dim(1) - code, output.dim(1));
    }

    /**
     * The variational information bottleneck: the encoder gives mean and log variance of a Gaussian, {@code t = mean + exp(log variance / 2) e} in training and the mean in
     * evaluation. {@link #divergence} bounds I(X; T) from above for a standard normal prior.
     *
     * @param encoder to (n, 2 code), mean first
     * @param decoder from the code to (n, outputs)
     * @param code its width
     * @see <a href="https://arxiv.org/abs/1612.00410">Alemi, Fischer, Dillon, Murphy (2017), Deep Variational Information Bottleneck, eq. 17</a>
     */
    public record Variational(Module encoder, Module decoder, int code) implements Module {
        public Variational {
            checkCode("Bottleneck.Variational", code);
        }

        @Override
        public Params params(Random random) {
            return both(encoder, decoder, random);
        }

        @Override
        public Tensor forward(Tensor x, Bound at) {
            Tensor encoded = checked("Bottleneck.Variational", at.apply("encoder", encoder, x), 2 * code);
            Tensor mean = encoded.narrow(1, 0, code);
            Tensor logVariance = encoded.narrow(1, code, 2 * code);
            Tensor t = at.pass().isTraining() ? mean.add(logVariance.mul(0.5).exp().mul(at.pass().random().normal(mean.shape(), mean.dtype()))) : mean;
            return Tensor.concat(List.of(at.apply("decoder", decoder, t), t, encoded), 1);
        }

        /** The prediction (n, outputs) in an output. */
        public Tensor prediction(Tensor output) {
            return output.narrow(1, 0, output.dim(1) - 3 * code);
        }

        /** The code (n, code) in an output, sampled in training. */
        public Tensor codeOf(Tensor output) {
            return output.narrow(1, output.dim(1) - 3 * code, output.dim(1) - 2 * code);
        }

        /** {@code KL(p(t | x) | N(0, I)) = 1/2 sum (mean^2 + var - log var - 1)} in nats, the mean over the examples of an output. */
        public Tensor divergence(Tensor output) {
            Tensor mean = output.narrow(1, output.dim(1) - 2 * code, output.dim(1) - code);
            Tensor logVariance = output.narrow(1, output.dim(1) - code, output.dim(1));
            return mean.square().add(logVariance.exp()).sub(logVariance).sub(1).sum(1).mean().mul(0.5);
        }
    }
}
