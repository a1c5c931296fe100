package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.PeakMemory;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class CheckpointedTest {
    private static final Tensor X = Random.seed(1).normal(256, 64);

    private static Module block() {
        return Sequential.of(Linear.of(64, 256), Activation.GELU, Dropout.of(0.3), Linear.of(256, 256), Activation.GELU, Linear.of(256, 64));
    }

    private static Model stack(boolean checkpointed) {
        List<Module> blocks = new ArrayList<>();
        for (int i = 0; i < 6; i++) blocks.add(checkpointed ? Checkpointed.of(block()) : block());
        return new Sequential(blocks).init(Random.seed(2));
    }

    private static Function<Params, Tensor> loss(Model net) {
        return p -> {
            Random random = Random.seed(3);
            return net.with(p).apply(X, Pass.train(random)).square().mean().add(random.normal(1).sum());
        };
    }

    @Test
    void gradientsHaveTheSameBitsAlsoWithDropout() {
        Model plain = stack(false);
        var expected = Autodiff.valueAndGrad(loss(plain), plain.params());
        var ours = Autodiff.valueAndGrad(loss(stack(true)), plain.params());
        assertThat(ours.value().item()).isEqualTo(expected.value().item());
        for (String name : plain.params().names()) assertThat(ours.grad().get(name).toFloats()).as(name).isEqualTo(expected.grad().get(name).toFloats());
    }

    /** Of six blocks the intermediates of one are there at a time. */
    @Test
    void memoryOfTheForwardPassFalls() {
        long[] bytes = new long[2];
        for (int run = 0; run < 2; run++) {
            Model net = stack(run == 1);
            int at = run;
            Autodiff.grad((Params p) -> {
                PeakMemory<Tensor> forward = PeakMemory.of(() -> net.with(p).apply(X, Pass.train(Random.seed(3))).square().mean());
                bytes[at] = forward.bytes();
                return forward.result();
            }, net.params());
        }
        assertThat(bytes[1]).isLessThan(bytes[0] / 4);
    }

    @Test
    void secondDerivativesComeThrough() {
        Model net = Sequential.of(Linear.of(3, 5), Activation.TANH, Linear.of(5, 2)).init(Random.seed(1)).map(t -> t.to(DType.FLOAT64));
        Tensor x = Random.seed(4).normal(4, 3).to(DType.FLOAT64);
        Params v = net.params().map(t -> Random.seed(5).normal(t.shape(), DType.FLOAT64));
        Params expected = Autodiff.hvp((Params p) -> net.with(p).apply(x).square().sum(), net.params(), v);
        Params ours = Autodiff.hvp((Params p) -> Autodiff.checkpoint(z -> Autodiff.checkpoint(w -> net.with(p).apply(w), z).square(), x).sum(), net.params(), v);
        for (String name : v.names()) assertThat(ours.get(name).toDoubles()).containsExactly(expected.get(name).toDoubles(), within(1e-12));
    }

    @Test
    void gradientsReachXAndWhatTheFunctionCaptures() {
        Tensor a = Tensor.of(new double[] {1, 2});
        Tensor g = Autodiff.grad(x -> {
            Tensor y = x.square();
            return Autodiff.checkpoint(z -> z.mul(x).sin(), y).sum().add(Autodiff.checkpoint(z -> z, x).sum());
        }, a);
        // d/dx (sin(x^3) + x)
        assertThat(g.toDoubles()).containsExactly(new double[] {3 * Math.cos(1) + 1, 12 * Math.cos(8) + 1}, within(1e-13));
        assertThat(Autodiff.checkpoint(Tensor::square, a).toDoubles()).containsExactly(1, 4);
    }

    @Test
    void runningStatisticsMoveOnce() {
        Model plain = Sequential.of(Conv2d.of(1, 2, 3), BatchNorm2d.of(2)).init(Random.seed(1));
        Model again = new Model(Checkpointed.of(plain.module()), plain.params(), plain.state());
        Tensor x = Random.seed(6).normal(4, 1, 5, 5);
        List<float[]> means = new ArrayList<>();
        for (Model net : List.of(plain, again)) {
            Pass pass = Pass.train(Random.seed(1));
            Autodiff.grad((Params p) -> net.with(p).apply(x, pass).square().sum(), net.params());
            means.add(pass.state(net.state()).get("1.running_mean").toFloats());
        }
        assertThat(means.get(1)).isEqualTo(means.get(0));
    }
}
