package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values, gradients and second derivatives of layers beside recorded ones. A subclass has a static method {@code cases()} of {@link #plain} and {@link #of}, and a
 * file with the tensors x, y, u, r, dx, ddx, params, grads and second of each case, as layer_cases.py writes them; where x holds integers without those of x.
 */
abstract class LayersBesidePyTorch {
    @FunctionalInterface
    interface Forward {
        Tensor apply(Tensor x, Bound at);
    }

    abstract FixtureFile torch();

    static Arguments of(String name, Module module, Forward forward) {
        return Arguments.of(name, module, forward);
    }

    static Arguments plain(String name, Module module) {
        return Arguments.of(name, module, (Forward) module::forward);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void namesAndShapesOfParametersArePyTorchs(String name, Module module, Forward forward) {
        Params ours = module.params(Random.seed(1));
        Params theirs = torch().under(name + "/params");
        assertThat(ours.names()).containsExactlyInAnyOrderElementsOf(theirs.names());
        for (String p : ours.names()) assertThat(ours.get(p).shape()).as(p).isEqualTo(theirs.get(p).shape());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void valuesAndGradientsAgree(String name, Module module, Forward forward) {
        for (DType type : new DType[] {DType.FLOAT64, DType.FLOAT32}) {
            double tolerance = type == DType.FLOAT64 ? 1e-9 : 1e-5;
            Tensor x = in(type, torch().get(name + "/x"));
            Tensor u = torch().get(name + "/u").to(type);
            Params params = torch().under(name + "/params").map(t -> t.to(type));
            near("y", apply(name, module, forward, params, x), torch().get(name + "/y"), tolerance);
            if (x.dtype().isFloat()) near("dx", Autodiff.vjp(z -> apply(name, module, forward, params, z), x, u).cotangent(), torch().get(name + "/dx"), tolerance);
            near(Autodiff.vjp((Params p) -> apply(name, module, forward, p, x), params, u).cotangent(), torch().under(name + "/grads"), tolerance);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void secondDerivativesAgree(String name, Module module, Forward forward) {
        Tensor x = torch().get(name + "/x");
        Tensor u = torch().get(name + "/u");
        Params params = torch().under(name + "/params");
        if (!x.dtype().isFloat()) {
            near(Autodiff.hvp(p -> apply(name, module, forward, p, x).mul(u).sum(), params, params), torch().under(name + "/second"), 1e-9);
            return;
        }
        Tensor r = torch().get(name + "/r");
        Function<Params, Tensor> slope = p -> Autodiff.vjp(z -> apply(name, module, forward, p, z), x, u).cotangent().mul(r).sum();
        near(Autodiff.grad(slope, params), torch().under(name + "/second"), 1e-9);
        near("ddx", Autodiff.grad(z -> Autodiff.vjp(w -> apply(name, module, forward, params, w), z, u).cotangent().mul(r).sum(), x), torch().get(name + "/ddx"), 1e-9);
    }

    private Tensor apply(String name, Module module, Forward forward, Params params, Tensor x) {
        DType type = x.dtype().isFloat() ? x.dtype() : params.tensors().getFirst().dtype();
        return forward.apply(x, torch().model(name, module, params, type).bind(Pass.train(Random.seed(1))));
    }

    private static Tensor in(DType type, Tensor x) {
        return x.dtype().isFloat() ? x.to(type) : x;
    }

    static void near(Params ours, Params theirs, double tolerance) {
        assertThat(ours.names()).containsExactlyInAnyOrderElementsOf(theirs.names());
        for (String name : theirs.names()) near(name, ours.get(name), theirs.get(name), tolerance);
    }

    static void near(String what, Tensor ours, Tensor theirs, double tolerance) {
        assertThat(ours.shape()).as(what).isEqualTo(theirs.shape());
        double scale = Math.max(1, theirs.abs().max().item());
        assertThat(ours.to(DType.FLOAT64).sub(theirs.to(DType.FLOAT64)).abs().max().item() / scale).as(what).isLessThanOrEqualTo(tolerance);
    }
}
