package lemma.nn;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import lemma.autodiff.Autodiff;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;
import lemma.tensor.Threads;

/**
 * CPU time of the Java threads for forward and backward of layers, least of many rounds; PyTorch's side is {@code layer_speed.py}. Not a test: {@code java ...
 * lemma.nn.LayerSpeed [SECONDS_A_LAYER [PART_OF_NAME]]}, with one thread.
 */
final class LayerSpeed {
    private LayerSpeed() {}

    private record Work(Module layer, Tensor x) {}

    private static Map<String, Work> works() {
        Tensor tokens = Random.seed(2).normal(16, 128, 128);
        Tensor images = Random.seed(2).normal(16, 64, 16, 16);
        MultiHeadAttention attention = MultiHeadAttention.of(128, 4);
        Map<String, Work> all = new LinkedHashMap<>();
        all.put("attention", new Work(attention, tokens));
        all.put("grouped queries", new Work(MultiHeadAttention.of(128, 8).withKvHeads(2).asCausal(), tokens));
        all.put("block", new Work(TransformerBlock.of(128, 4), tokens));
        all.put("swiglu block", new Work(PreNormBlock.of(attention.asCausal().withRotary(), SwiGlu.of(128, 344), RMSNorm.of(128)), tokens));
        all.put("mixture of experts", new Work(MixtureOfExperts.of(Mlp.of(Activation.GELU, 128, 512, 128), 128, 8, 2), tokens));
        all.put("aaren", new Work(Aaren.of(128, 4), tokens));
        all.put("lstm with layer norm", new Work(LayerNormLstm.of(128, 128), Random.seed(2).normal(32, 64, 128)));
        all.put("spline layer", new Work(KanLinear.of(64, 64, BSplineBasis.of(5, 3)), Random.seed(2).uniform(256, 64).mul(2).sub(1)));
        all.put("polarized attention", new Work(PolarizedSelfAttention.parallel(64), images));
        all.put("squeeze and excite", new Work(SqueezeExcite.of(64), images));
        all.put("cbam", new Work(Cbam.of(64), images));
        all.put("vanilla block", new Work(vanilla(), images));
        return all;
    }

    /** A stage of a VanillaNet with both techniques. */
    private static Module vanilla() {
        return Sequential.of(Conv2d.of(64, 64, 1), BatchNorm2d.of(64), DeepTrainingActivation.of(1000), Conv2d.of(64, 64, 1), BatchNorm2d.of(64), MaxPool2d.of(2), SeriesActivation.of(64), BatchNorm2d.of(64));
    }

    public static void main(String[] words) {
        double seconds = words.length > 0 ? Double.parseDouble(words[0]) : 3;
        Threads.set(1);
        works().forEach((name, work) -> {
            if (words.length < 2 || name.contains(words[1])) report(name, seconds, work);
        });
    }

    private static void report(String name, double seconds, Work work) {
        Model model = work.layer.init(Random.seed(1));
        long begin = KanSpeed.cpu();
        long best = Long.MAX_VALUE;
        while (KanSpeed.cpu() - begin < seconds * 1e9) {
            long start = KanSpeed.cpu();
            Scope.run(() -> {
                Params p = model.params().with("x", work.x);
                Autodiff.grad((Params q) -> model.with(q).apply(q.get("x"), Pass.train(Random.seed(1))).square().sum(), p);
            });
            best = Math.min(best, KanSpeed.cpu() - start);
        }
        System.out.printf(Locale.ROOT, "%-24s %8.3f ms%n", name, best / 1e6);
    }
}
