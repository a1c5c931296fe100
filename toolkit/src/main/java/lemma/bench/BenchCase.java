package lemma.bench;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import lemma.autodiff.Autodiff;
import lemma.linalg.Fft;
import lemma.linalg.Linalg;
import lemma.linalg.Scan;
import lemma.loss.Losses;
import lemma.nn.Activation;
import lemma.nn.Conv2d;
import lemma.nn.Embedding;
import lemma.nn.Flatten;
import lemma.nn.LayerNorm;
import lemma.nn.LayerNormLstm;
import lemma.nn.Linear;
import lemma.nn.Lstm;
import lemma.nn.MaxPool2d;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.nn.Pass;
import lemma.nn.PositionalEmbedding;
import lemma.nn.Sequential;
import lemma.nn.TransformerBlock;
import lemma.optim.Adam;
import lemma.optim.Optimiser;
import lemma.tensor.Backend;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * One row of the benchmark.
 *
 * @param name the name under which {@code bench.py} knows the same work
 * @param goal the ratio to PyTorch's time to reach
 * @param prepare makes what one repetition runs
 */
record BenchCase(String name, double goal, Supplier<Runnable> prepare) {
    static List<BenchCase> all() {
        return List.of(
                new BenchCase("mlp", 0.8, () -> training(mlp(), Random.seed(1).normal(128, 784), Random.seed(2).integers(0, 10, 128))),
                new BenchCase("transformer", 1.0, () -> training(transformer(), Random.seed(1).integers(0, 1000, 16, 128), Random.seed(2).integers(0, 1000, 16, 128))),
                new BenchCase("cnn", 1.1, () -> training(cnn(), Random.seed(1).normal(32, 3, 32, 32), Random.seed(2).integers(0, 10, 32))),
                new BenchCase("digits", 1.1, () -> training(digits(), Random.seed(1).normal(32, 1, 8, 8), Random.seed(2).integers(0, 10, 32))),
                new BenchCase("lstm", 1.1, () -> sequence(Lstm.of(128, 128))),
                new BenchCase("lstm_norm", 1.2, () -> sequence(LayerNormLstm.of(128, 128))),
                new BenchCase("hvp", 1.0, BenchCase::hvp),
                new BenchCase("per_example", 0.5, BenchCase::perExample),
                op("softmax", x -> x.softmax(-1)),
                op("layer_norm", BenchCase::normalise),
                op("rms_norm", x -> Functional.rmsNorm(x, null, 1e-5)),
                images("batch_norm", x -> Functional.batchNorm(x, null, null, 1e-5).y()),
                images("group_norm", x -> Functional.groupNorm(x, 8, null, null, 1e-5)),
                images("max_pool", x -> Functional.maxPool2d(x, new Backend.Pool2d(2, 2, 2, 2, 0, 0))),
                op("gelu", Tensor::gelu),
                op("sum", x -> x.sum()),
                op("sum0", x -> x.sum(0)),
                gather(),
                op("topk", x -> x.topk(10, -1).values()),
                decomposition("eigh", x -> Linalg.eigh(x.add(x.t())).vectors()),
                decomposition("svd", x -> Linalg.svd(x).u()),
                new BenchCase("rfft", 1.5, BenchCase::rfft),
                new BenchCase("scan", 3.0, BenchCase::scan),
                new BenchCase("add10", 1.5, BenchCase::smallAdd));
    }

    private static Module mlp() {
        return Sequential.of(Linear.of(784, 512), Activation.RELU, Linear.of(512, 512), Activation.RELU, Linear.of(512, 10));
    }

    private static Module transformer() {
        return Sequential.of(Embedding.of(1000, 128), PositionalEmbedding.of(128, 128), TransformerBlock.of(128, 4).asCausal(), TransformerBlock.of(128, 4).asCausal(), LayerNorm.of(128), Linear.of(128, 1000));
    }

    private static Module cnn() {
        return Sequential.of(Conv2d.of(3, 32, 3).withPadding(1), Activation.RELU, MaxPool2d.of(2), Conv2d.of(32, 64, 3).withPadding(1), Activation.RELU, MaxPool2d.of(2),
                Conv2d.of(64, 64, 3).withPadding(1), Activation.RELU, new Flatten(), Linear.of(64 * 8 * 8, 10));
    }

    private static Module digits() {
        return Sequential.of(Conv2d.of(1, 32, 3).withPadding(1), Activation.RELU, Conv2d.of(32, 32, 3).withPadding(1), Activation.RELU, new Flatten(), Linear.of(32 * 8 * 8, 10));
    }

    private static BenchCase images(String name, UnaryOperator<Tensor> f) {
        return new BenchCase(name, 1.2, () -> {
            Tensor x = Random.seed(1).normal(32, 64, 32, 32);
            return () -> Scope.run((Runnable) () -> f.apply(x));
        });
    }

    /** One Adam step after another on the same batch. */
    private static Runnable training(Module module, Tensor x, Tensor labels) {
        Optimiser adam = Adam.of(1e-3);
        Model[] model = {module.init(Random.seed(3))};
        Optimiser.State[] state = {adam.init(model[0].params())};
        return () -> {
            Model now = model[0];
            Optimiser.Update update = Scope.run(() -> {
                Params gradients = Autodiff.grad((Params p) -> Losses.crossEntropy(now.with(p).apply(x, Pass.train(Random.seed(4))), labels), now.params());
                return adam.step(now.params(), gradients, state[0]);
            });
            Scope.replace(List.of(now, state[0]), update);
            model[0] = now.with(update.params());
            state[0] = update.state();
        };
    }

    private static Runnable sequence(Module module) {
        Model net = module.init(Random.seed(3));
        Tensor x = Random.seed(1).normal(32, 64, 128);
        return () -> Scope.run((Runnable) () -> Autodiff.grad((Params p) -> net.with(p).apply(x).square().mean(), net.params()));
    }

    private static Runnable hvp() {
        Model net = mlp().init(Random.seed(3));
        Tensor x = Random.seed(1).normal(128, 784);
        Tensor labels = Random.seed(2).integers(0, 10, 128);
        Params v = net.params().map(Tensor::onesLike);
        Function<Params, Tensor> loss = p -> Losses.crossEntropy(net.with(p).apply(x), labels);
        return () -> Scope.run((Runnable) () -> Autodiff.hvp(loss, net.params(), v));
    }

    private static Runnable perExample() {
        Model net = mlp().init(Random.seed(3));
        Tensor x = Random.seed(1).normal(128, 784);
        Tensor labels = Random.seed(2).integers(0, 10, 128);
        return () -> Scope.run((Runnable) () -> Autodiff.perExampleGrads((p, one, label) -> Losses.crossEntropy(net.with(p).apply(one), label), net.params(), x, labels));
    }

    private static BenchCase op(String name, UnaryOperator<Tensor> f) {
        return new BenchCase(name, 1.2, () -> {
            Tensor x = Random.seed(1).normal(1024, 1024);
            return () -> Scope.run((Runnable) () -> f.apply(x));
        });
    }

    private static Tensor normalise(Tensor x) {
        return Functional.layerNorm(x, null, null, 1e-5);
    }

    private static BenchCase gather() {
        return new BenchCase("gather", 1.2, () -> {
            Tensor x = Random.seed(1).normal(1024, 1024);
            Tensor index = Random.seed(2).integers(0, 1024, 1024, 1024);
            return () -> Scope.run((Runnable) () -> x.gather(1, index));
        });
    }

    private static BenchCase decomposition(String name, UnaryOperator<Tensor> f) {
        return new BenchCase(name, 0.6, () -> {
            Tensor x = Random.seed(1).normal(Shape.of(1000, 1000), DType.FLOAT64);
            return () -> Scope.run((Runnable) () -> f.apply(x));
        });
    }

    /** Reads two arrays of 16 MiB and writes one; the other side copies 24 MiB, which moves as many bytes. */
    private static Runnable scan() {
        Tensor b = Random.seed(1).normal(65_536, 64);
        Tensor a = Random.seed(2).uniform(65_536, 64);
        return () -> Scope.run((Runnable) () -> Scan.linearRecurrence(a, b, 0));
    }

    private static Runnable rfft() {
        Tensor x = Random.seed(1).normal(256, 4096);
        return () -> Scope.run((Runnable) () -> Fft.rfft(x));
    }

    /**
     * The repetition is a chain of a thousand adds and the reading of its end, so that none can be left out; giving back what they made is
     * part of it. The time in milliseconds reads as microseconds an add.
     */
    private static Runnable smallAdd() {
        Tensor a = Random.seed(1).normal(Shape.of(10), DType.FLOAT32);
        Tensor b = Random.seed(2).normal(Shape.of(10), DType.FLOAT32);
        double[] end = new double[1];
        return () -> {
            Scope.run((Runnable) () -> Autodiff.grad(x -> {
                Tensor y = x;
                for (int i = 0; i < 1000; i++) y = y.add(b);
                if (y.node() == null) throw new IllegalStateException("add10: no tape");
                end[0] = y.detach().toFloats()[9];
                return x.sum();
            }, a));
            if (!(Math.abs(end[0]) < 1e6)) throw new IllegalStateException("add10: the chain ends at " + end[0]);
        };
    }
}
