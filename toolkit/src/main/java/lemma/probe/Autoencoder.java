package lemma.probe;

import lemma.nn.Activation;
import lemma.nn.Mlp;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.nn.Sequential;
import lemma.optim.Adam;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import lemma.train.Trainer;

/**
 * Lossy compression of rows by an autoencoder {@code d-hidden-code-hidden-d} with ReLU, least squares and Adam, for rows near a curved surface, which
 * {@link Pca} cannot unroll.
 *
 * @param encoder from (n, d) to (n, code)
 */
public record Autoencoder(Model encoder) {
    /**
     * @param code numbers that a row is compressed to
     * @param hidden width of the two hidden layers
     * @param epochs passes over the rows
     * @param batch rows a step
     * @param rate of Adam
     */
    public record Options(int code, int hidden, int epochs, int batch, double rate) {
        public Options {
            if (code < 1 || hidden < 1 || epochs < 1 || batch < 1 || !(rate > 0)) {
                throw new IllegalArgumentException("Autoencoder: code " + code + ", hidden " + hidden + ", epochs " + epochs + ", batch " + batch + ", rate " + rate + "; expected above 0");
            }
        }

        /** Hidden 64, 60 epochs, batches of 128, rate 1e-3. */
        public static Options of(int code) {
            return new Options(code, 64, 60, 128, 1e-3);
        }

        public Options withEpochs(int passes) {
            return new Options(code, hidden, passes, batch, rate);
        }

        public Options withRate(double learningRate) {
            return new Options(code, hidden, epochs, batch, learningRate);
        }
    }

    /** Trained on x (n, d), which should have columns of about unit scale or smaller. */
    public static Autoencoder fit(Tensor x, Options o, long seed) {
        Tensor rows = Features.of("Autoencoder", x).to(DType.FLOAT32);
        int d = x.dim(1);
        Sequential encoder = Mlp.of(Activation.RELU, d, o.hidden(), o.code());
        Model both = Sequential.of(encoder, Mlp.of(Activation.RELU, o.code(), o.hidden(), d)).init(Random.seed(seed));
        Model trained = Trainer.of(both, Adam.of(o.rate())).loss((out, in) -> out.sub(in).square().mean()).batchSize(o.batch()).epochs(o.epochs()).seed(seed).quiet().fit(rows, rows).model();
        Params inner = Params.EMPTY;
        for (String name : trained.params().names()) if (name.startsWith("0.")) inner = inner.with(name.substring(2), trained.params().get(name));
        return new Autoencoder(new Model(encoder, inner, Params.EMPTY));
    }

    /** The codes of rows (m, d), FLOAT64. */
    public Tensor encode(Tensor x) {
        return encoder.apply(Features.of("Autoencoder", x, 1).to(DType.FLOAT32)).to(DType.FLOAT64);
    }
}
