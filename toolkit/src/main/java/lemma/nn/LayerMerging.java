package lemma.nn;

import java.util.ArrayList;
import java.util.List;
import lemma.tensor.DType;
import lemma.tensor.Tensor;

/**
 * Makes the shallow network that a deeply trained one has become: folds batch normalisation into the layers before ({@link BatchNormFolding}), leaves out each
 * {@link DeepTrainingActivation} that is the identity, and puts neighbouring linear maps into one, {@code W = W_2 W_1, b = W_2 b_1 + b_2}: a
 * {@link Linear} after a {@link Linear}, and a 1 x 1 {@link Conv2d} of stride 1 after any {@link Conv2d}. The function in evaluation stays the same:
 * weights are multiplied in double precision and rounded once. For use after training.
 */
public final class LayerMerging {
    private LayerMerging() {}

    private record Layer(Module module, Params params, Params state) {}

    /**
     * The merged network.
     *
     * @param model of a {@link Sequential}
     * @throws IllegalArgumentException if an activation has not faded yet
     */
    public static Model of(Model model) {
        return BatchNormFolding.rounded(inDouble(BatchNormFolding.inDouble(model)), model);
    }

    private static Model inDouble(Model folded) {
        List<Module> modules = ((Sequential) folded.module()).modules();
        List<Layer> merged = new ArrayList<>();
        for (int i = 0; i < modules.size(); i++) {
            Layer next = new Layer(modules.get(i), folded.params().child(Integer.toString(i)), folded.state().child(Integer.toString(i)));
            if (hasFaded(next)) continue;
            Layer both = merged.isEmpty() ? null : both(merged.getLast(), next);
            if (both != null) merged.removeLast();
            merged.add(both == null ? next : both);
        }
        Params params = Params.EMPTY;
        Params state = Params.EMPTY;
        for (int i = 0; i < merged.size(); i++) {
            params = params.withChild(Integer.toString(i), merged.get(i).params);
            state = state.withChild(Integer.toString(i), merged.get(i).state);
        }
        return new Model(new Sequential(merged.stream().map(Layer::module).toList()), params, state);
    }

    private static boolean hasFaded(Layer layer) {
        if (!(layer.module instanceof DeepTrainingActivation a)) return false;
        if (a.isIdentity(layer.state)) return true;
        throw new IllegalArgumentException("LayerMerging: " + a + " is at step " + (long) layer.state.get("step").item() + " and not yet the identity; train for at least " + a.steps() + " steps");
    }

    /** One layer for two linear maps, or null where there is none. */
    private static Layer both(Layer a, Layer b) {
        if (a.module instanceof Linear f && b.module instanceof Linear g) return new Layer(new Linear(f.in(), g.out(), true), product(a.params, b.params, g.out(), f.out()), Params.EMPTY);
        if (a.module instanceof Conv2d f && b.module instanceof Conv2d g && mixesChannelsOnly(g)) {
            Conv2d one = new Conv2d(f.in(), g.out(), f.kernel(), f.stride(), f.padding(), f.dilation(), 1, true, f.paddingMode());
            return f.groups() == 1 ? new Layer(one, product(a.params, b.params, g.out(), f.out()), Params.EMPTY) : null;
        }
        return null;
    }

    private static boolean mixesChannelsOnly(Conv2d c) {
        return c.kernel() == 1 && c.stride() == 1 && c.padding() <= 0 && c.groups() == 1;
    }

    private static Params product(Params first, Params second, int out, int between) {
        Tensor w1 = first.get("weight");
        Tensor w2 = second.get("weight").reshape(out, between);
        Tensor weight = w2.matmul(w1.reshape(between, (int) (w1.size() / between))).reshape(w1.shape().with(0, out));
        Tensor bias = first.has("bias") ? w2.matmul(first.get("bias").unsqueeze(1)).squeeze(1) : Tensor.zeros(out).to(DType.FLOAT64);
        return Params.of("weight", weight).with("bias", second.has("bias") ? bias.add(second.get("bias")) : bias);
    }
}
