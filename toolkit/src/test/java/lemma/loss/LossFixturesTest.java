package lemma.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import lemma.autodiff.GradCheck;
import lemma.nn.FixtureFile;
import lemma.tensor.DType;
import lemma.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every loss beside PyTorch, or its definition written out in PyTorch. */
class LossFixturesTest {
    private static final FixtureFile FILE = FixtureFile.of("losses.safetensors");

    private interface Case extends BiFunction<Tensor, List<Tensor>, Tensor> {}

    private static Arguments two(String name, BiFunction<Tensor, Tensor, Tensor> loss) {
        return Arguments.of(name, (Case) (p, rest) -> loss.apply(p, rest.getFirst()));
    }

    private static Arguments three(String name, Case loss) {
        return Arguments.of(name, loss);
    }

    static Stream<Arguments> losses() {
        Tensor w = FILE.get("weights");
        return Stream.of(
                two("crossEntropySmooth", CrossEntropyLoss.of().withSmoothing(0.1)),
                two("crossEntropyWeights", CrossEntropyLoss.of().withWeights(w)),
                two("crossEntropyAll", CrossEntropyLoss.of().withWeights(w).withSmoothing(0.2)),
                two("crossEntropyHuge", CrossEntropyLoss.of()),
                two("compSum0", CompSumLoss.of(0)),
                two("compSum0.5", CompSumLoss.of(0.5)),
                two("compSum1", CompSumLoss.of(1)),
                two("compSum1.7", CompSumLoss.of(1.7)),
                two("compSum2", CompSumLoss.of(2)),
                two("generalized", CompSumLoss.generalizedCrossEntropy(0.7)),
                two("mae", CompSumLoss.meanAbsoluteError()),
                two("maeHuge", CompSumLoss.meanAbsoluteError()),
                two("focal", FocalLoss.of(2)),
                two("crammerSinger", CrammerSingerLoss.of()),
                two("westonWatkins", WestonWatkinsLoss.of()),
                two("symmetric", SymmetricCrossEntropyLoss.of(0.1, 1)),
                two("ldr", LdrKlLoss.of(0.7)),
                two("ldrMargin", LdrKlLoss.of(2).withMargin(0.5)),
                two("nll", Losses::nll),
                two("binaryCrossEntropy", Losses::binaryCrossEntropy),
                two("smoothL1", (p, t) -> Losses.smoothL1(p, t, 0.7)),
                two("logCosh", Losses::logCosh),
                two("quantile", (p, t) -> Losses.quantile(p, t, 0.3)),
                two("klDivergence", Losses::klDivergence),
                two("poissonNll", Losses::poissonNll),
                three("gaussianNll", (p, r) -> Losses.gaussianNll(p, r.get(0), r.get(1))),
                three("cosineEmbedding", (p, r) -> Losses.cosineEmbedding(p, r.get(0), r.get(1), 0.1)),
                three("tripletMargin", (p, r) -> Losses.tripletMargin(p, r.get(0), r.get(1), 1)),
                three("marginRanking", (p, r) -> Losses.marginRanking(p, r.get(0), r.get(1), 0.3)),
                two("smoothHuge", CrossEntropyLoss.of().withSmoothing(0.1)),
                two("focalHuge", FocalLoss.of(2)),
                two("generalizedHuge", CompSumLoss.generalizedCrossEntropy(0.7)),
                two("symmetricHuge", SymmetricCrossEntropyLoss.of(0.1, 1)),
                two("ldrHuge", LdrKlLoss.of(2).withMargin(0.5)),
                two("westonWatkinsHuge", WestonWatkinsLoss.of()),
                two("crammerSingerHuge", CrammerSingerLoss.of()),
                two("bceHuge", Losses::binaryCrossEntropyWithLogits),
                two("ldrNormalised", (h, y) -> LdrKlLoss.of(0.1).apply(NormalisedScores.of(h), y)),
                two("ldrNormalisedHuge", (h, y) -> LdrKlLoss.of(0.1).apply(NormalisedScores.of(h), y)),
                two("confidencePenalty", ConfidencePenalty.of(0.3)),
                two("confidencePenaltyHuge", ConfidencePenalty.of(0.3)),
                two("focalRoot", FocalLoss.of(0.5)),
                two("focalRootHuge", FocalLoss.of(0.5)),
                two("klDivergenceHuge", (h, t) -> Losses.klDivergence(h.logSoftmax(-1), t)),
                two("logCoshHuge", Losses::logCosh),
                two("dice", Losses::dice),
                two("infoNce", InfoNceLoss.of(0.2)),
                two("infoNceSymmetric", InfoNceLoss.of(0.2).asSymmetric()));
    }

    private static List<Tensor> targets(String name, DType type) {
        List<Tensor> rest = new ArrayList<>();
        for (int i = 0; FILE.all().has(name + "/target" + i); i++) {
            Tensor t = FILE.get(name + "/target" + i);
            rest.add(t.dtype().isFloat() ? t.to(type) : t);
        }
        return rest;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("losses")
    void valueGradientAndCurvatureAreThoseOfPyTorch(String name, Case loss) {
        Tensor x = FILE.get(name + "/prediction");
        List<Tensor> rest = targets(name, DType.FLOAT64);
        var vg = Autodiff.valueAndGrad(p -> loss.apply(p, rest), x);
        near("value", vg.value(), FILE.get(name + "/value"), 1e-12);
        near("gradient", vg.grad(), FILE.get(name + "/grad"), 1e-12);
        near("Hessian times ones", Autodiff.hvp(p -> loss.apply(p, rest), x, x.onesLike()), FILE.get(name + "/hvp"), 1e-10);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("losses")
    void singlePrecisionIsNear(String name, Case loss) {
        Tensor x = FILE.get(name + "/prediction").to(DType.FLOAT32);
        List<Tensor> rest = targets(name, DType.FLOAT32);
        var vg = Autodiff.valueAndGrad(p -> loss.apply(p, rest), x);
        assertThat(vg.value().dtype()).isEqualTo(DType.FLOAT32);
        near("value", vg.value(), FILE.get(name + "/value"), 1e-5);
        near("gradient", vg.grad(), FILE.get(name + "/grad"), 1e-5);
    }

    /** Those at logits of 1e4 are flat or straight there to the last digit. */
    static Stream<Arguments> smooth() {
        return losses().filter(a -> !((String) a.get()[0]).endsWith("Huge"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("smooth")
    void derivativesAgreeWithFiniteDifferences(String name, Case loss) {
        List<Tensor> rest = targets(name, DType.FLOAT64);
        GradCheck.of((Tensor p) -> loss.apply(p, rest)).check(FILE.get(name + "/prediction")).assertOk();
    }

    private static void near(String what, Tensor ours, Tensor theirs, double tolerance) {
        assertThat(ours.shape()).as(what).isEqualTo(theirs.shape());
        double scale = Math.max(1, theirs.abs().max().item());
        assertThat(ours.to(DType.FLOAT64).sub(theirs).abs().max().item() / scale).as(what).isCloseTo(0, within(tolerance));
    }
}
