package lemma.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lemma.tensor.DType;
import lemma.tensor.Tensor;

/**
 * Takes batch normalisation into the layer before it: in evaluation {@code g (W x + b - mean) / sqrt(var + eps) + beta} is the affine layer
 * {@code W' = s W, b' = s (b - mean) + beta} with {@code s = g / sqrt(var + eps)} for each channel, computed in double precision and rounded once. For use after training.
 */
public final class BatchNormFolding {
    private BatchNormFolding() {}

    private record Norm(Tensor scale, Tensor shift) {}

    /**
     * The same function in evaluation, without those batch normalisations that follow a {@link Linear}, {@link Conv1d}, {@link Conv2d} or {@link SeriesActivation}; one that
     * does not track statistics stays.
     *
     * @param model of a {@link Sequential}
     */
    public static Model of(Model model) {
        return rounded(inDouble(model), model);
    }

    /** {@code exact} with parameters of the type that those of {@code model} have. */
    static Model rounded(Model exact, Model model) {
        return model.params().names().isEmpty() ? exact : exact.with(exact.params().map(t -> t.to(model.params().tensors().getFirst().dtype())));
    }

    /** The same with parameters in double precision, not rounded yet. */
    static Model inDouble(Model model) {
        if (!(model.module() instanceof Sequential(List<Module> before))) throw new IllegalArgumentException("BatchNormFolding: the module is " + model.module() + ", expected a Sequential");
        List<Module> modules = new ArrayList<>();
        Params params = Params.EMPTY;
        Params state = Params.EMPTY;
        for (int i = 0; i < before.size(); i++) {
            Module module = before.get(i);
            Params own = exact(model.params().child(Integer.toString(i)));
            Module biased = withBias(module);
            Norm norm = biased == null || i + 1 == before.size() ? null : norm(before.get(i + 1), exact(model.params().child(Integer.toString(i + 1))), exact(model.state().child(Integer.toString(i + 1))));
            String name = Integer.toString(modules.size());
            modules.add(norm == null ? module : biased);
            params = params.withChild(name, norm == null ? own : folded(own, norm));
            state = state.withChild(name, model.state().child(Integer.toString(i)));
            if (norm != null) i++;
        }
        return new Model(new Sequential(modules), params, state);
    }

    private static Params exact(Params params) {
        return params.map(t -> t.to(DType.FLOAT64));
    }

    private static Params folded(Params layer, Norm norm) {
        Tensor weight = layer.get("weight");
        int[] rows = new int[weight.rank()];
        Arrays.fill(rows, 1);
        rows[0] = weight.dim(0);
        Tensor bias = layer.has("bias") ? layer.get("bias").mul(norm.scale()).add(norm.shift()) : norm.shift();
        return layer.with("weight", weight.mul(norm.scale().reshape(rows))).with("bias", bias);
    }

    private static Norm norm(Module module, Params params, Params state) {
        return switch (module) {
            case BatchNorm1d b when b.track() -> norm(params, state, b.eps());
            case BatchNorm2d b when b.track() -> norm(params, state, b.eps());
            default -> null;
        };
    }

    private static Norm norm(Params params, Params state, double eps) {
        Tensor rstd = state.get("running_var").add(eps).rsqrt();
        Tensor scale = params.has("weight") ? rstd.mul(params.get("weight")) : rstd;
        Tensor shift = state.get("running_mean").mul(scale).neg();
        return new Norm(scale, params.has("bias") ? shift.add(params.get("bias")) : shift);
    }

    /** The layer with a bias, or null for one that takes nothing in. */
    private static Module withBias(Module module) {
        return switch (module) {
            case Linear l -> new Linear(l.in(), l.out(), true);
            case Conv1d c -> new Conv1d(c.in(), c.out(), c.kernel(), c.stride(), c.padding(), c.dilation(), c.groups(), true, c.paddingMode());
            case Conv2d c -> new Conv2d(c.in(), c.out(), c.kernel(), c.stride(), c.padding(), c.dilation(), c.groups(), true, c.paddingMode());
            case SeriesActivation a -> a.withShift();
            default -> null;
        };
    }
}
