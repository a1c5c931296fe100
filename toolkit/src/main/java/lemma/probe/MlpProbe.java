package lemma.probe;

import lemma.loss.Losses;
import lemma.nn.Activation;
import lemma.nn.Mlp;
import lemma.nn.Model;
import lemma.optim.AdamW;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;
import lemma.train.Trainer;

/**
 * A classifier with one hidden layer on frozen features, for what a {@link LinearProbe} cannot read. Features are standardised on the fitted rows and taken as FLOAT32. Assumes independent
 * examples; time O(steps batch hidden (d + classes)).
 *
 * @param model from standardised features to logits
 * @param mean (d)
 * @param scale (d)
 * @see <a href="https://arxiv.org/abs/1909.03368">Hewitt, Liang (2019), Designing and Interpreting Probes with Control Tasks</a>
 */
public record MlpProbe(Model model, Tensor mean, Tensor scale) implements ProbeClassifier {
    /**
     * @param hidden width of the hidden ReLU layer
     * @param steps of AdamW
     * @param batch examples a step
     * @param rate learning rate
     * @param weightDecay of AdamW
     */
    public record Options(int hidden, int steps, int batch, double rate, double weightDecay) {
        /** Hidden 64, 1000 steps of 128, rate 1e-3, decay 0.01. */
        public static final Options DEFAULT = new Options(64, 1000, 128, 1e-3, 0.01);

        public Options {
            if (hidden < 1 || steps < 1 || batch < 1 || !(rate > 0) || !(weightDecay >= 0)) {
                throw new IllegalArgumentException("MlpProbe: hidden " + hidden + ", steps " + steps + ", batch " + batch + ", rate " + rate + ", decay " + weightDecay + "; expected above 0, the decay at least 0");
            }
        }

        public Options withHidden(int hidden) {
            return new Options(hidden, steps, batch, rate, weightDecay);
        }

        public Options withSteps(int steps) {
            return new Options(hidden, steps, batch, rate, weightDecay);
        }
    }

    /**
     * @param x (n, d)
     * @param y (n) classes in 0..classes-1
     */
    public static MlpProbe fit(Tensor x, Tensor y, int classes, Options options, long seed) {
        Features.classes("MlpProbe", y, x.dim(0), classes);
        Tensor z = Features.of("MlpProbe", x, 1);
        Tensor mean = z.mean(0);
        Tensor spread = z.std(0, 0);
        Tensor scale = spread.add(spread.lt(1e-12).to(DType.FLOAT64));
        Model start = Mlp.of(Activation.RELU, x.dim(1), options.hidden(), classes).init(Random.seed(seed));
        Model trained = Trainer.of(start, AdamW.of(options.rate()).withWeightDecay(options.weightDecay())).loss(Losses::crossEntropy).batchSize(options.batch())
                .steps(options.steps()).seed(seed).quiet().fit(standardised(z, mean, scale), y.to(DType.INT64)).model();
        return new MlpProbe(trained, mean, scale);
    }

    /** Such probes, for {@link ProbeClassifier.Family#selectivity} and {@link ProbeClassifier.Family#descriptionLength}. */
    public static Family family(Options options, long seed) {
        return (x, y, classes) -> fit(x, y, classes, options, seed);
    }

    private static Tensor standardised(Tensor x, Tensor mean, Tensor scale) {
        return x.sub(mean).div(scale).to(DType.FLOAT32);
    }

    @Override
    public Tensor logits(Tensor x) {
        return Scope.run(() -> model.apply(standardised(Features.of("MlpProbe", x, 1), mean, scale)));
    }
}
