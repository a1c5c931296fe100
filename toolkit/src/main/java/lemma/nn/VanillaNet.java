package lemma.nn;

import java.util.ArrayList;
import java.util.List;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * VanillaNet: a patch convolution, stages of one 1 x 1 convolution, pooling and an activation each, mean over places, and a linear classifier; no shortcuts, no
 * attention. Batch normalisation follows every convolution, and the series activation where there is one.
 *
 * <p>Two techniques make so plain a network train well. Deep training puts a {@link DeepTrainingActivation} and a 1 x 1 convolution behind every convolution, a linear layer
 * behind the classifier, and {@link LayerMerging} takes them out after training. {@link SeriesActivation} replaces relu.
 *
 * <p>Shapes: {@code x (n, in, h, w) -> (n, classes)}. Parameters are those of the {@link Sequential} of {@link #layers()}. Pooling by 2 ends at one pixel a side.
 *
 * @param patch kernel and stride of the first convolution
 * @param side pixels of a side of x, a multiple of {@code patch}
 * @param widths channels of the patch convolution and after each stage
 * @param reach of the series activation, or 0 for relu
 * @param fade training steps after which the extra activations are the identity, or 0 for training without extra layers
 * @see <a href="https://arxiv.org/abs/2305.12972">Chen et al. (2023), VanillaNet, section 3 and table 1</a>
 */
public record VanillaNet(int in, int classes, int patch, int side, List<Integer> widths, int reach, long fade) implements Module {
    public VanillaNet {
        widths = List.copyOf(widths);
        if (in < 1 || classes < 1 || patch < 1 || side < patch || side % patch != 0 || reach < 0 || fade < 0) {
            throw new IllegalArgumentException("VanillaNet: in " + in + ", classes " + classes + ", patch " + patch + ", side " + side + ", reach " + reach + ", fade " + fade + "; expected positive numbers, a side that is a multiple of the patch, reach and fade of at least 0");
        }
        if (widths.size() < 2 || widths.stream().anyMatch(w -> w < 1)) throw new IllegalArgumentException("VanillaNet: widths " + widths + ", expected that of the patches and of at least one stage");
    }

    /** With relu and without deep training; {@code widths} of the patch convolution and after each stage. */
    public static VanillaNet of(int in, int classes, int patch, int side, Integer... widths) {
        return new VanillaNet(in, classes, patch, side, List.of(widths), 0, 0);
    }

    /** With series activations that reach this many pixels to each side. */
    public VanillaNet withSeries(int reach) {
        return new VanillaNet(in, classes, patch, side, widths, reach, fade);
    }

    /** With extra layers whose activations fade to the identity over {@code steps} of training. */
    public VanillaNet withDeepTraining(long steps) {
        return new VanillaNet(in, classes, patch, side, widths, reach, steps);
    }

    /** Its layers one after the other. */
    public Sequential layers() {
        List<Module> all = new ArrayList<>();
        addConvolutions(all, Conv2d.of(in, widths.get(0), patch).withStride(patch), widths.get(0));
        addActivation(all, widths.get(0));
        int pixels = side / patch;
        for (int i = 1; i < widths.size(); i++) {
            boolean deep = fade > 0;
            addConvolutions(all, Conv2d.of(widths.get(i - 1), deep ? widths.get(i - 1) : widths.get(i), 1), widths.get(i));
            if (pixels > 1) all.add(MaxPool2d.of(2));
            pixels = Math.max(1, pixels / 2);
            addActivation(all, widths.get(i));
        }
        all.add(AdaptiveAvgPool2d.of(1));
        all.add(new Flatten());
        all.add(Linear.of(widths.getLast(), classes));
        if (fade > 0) all.addAll(List.of(BatchNorm1d.of(classes), DeepTrainingActivation.of(fade), Linear.of(classes, classes)));
        return new Sequential(all);
    }

    private void addConvolutions(List<Module> all, Conv2d first, int out) {
        all.addAll(List.of(first, BatchNorm2d.of(first.out())));
        if (fade > 0) all.addAll(List.of(DeepTrainingActivation.of(fade), Conv2d.of(first.out(), out, 1), BatchNorm2d.of(out)));
    }

    private void addActivation(List<Module> all, int channels) {
        if (reach == 0) all.add(Activation.RELU);
        else all.addAll(List.of(SeriesActivation.of(channels).withReach(reach), BatchNorm2d.of(channels)));
    }

    /** The network of half as many layers that {@code trained} has become, with the same function in evaluation. */
    public Model merged(Model trained) {
        return LayerMerging.of(new Model(layers(), trained.params(), trained.state()));
    }

    @Override
    public Params params(Random random) {
        return layers().params(random);
    }

    @Override
    public Params state() {
        return layers().state();
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return layers().forward(x, at);
    }
}
