package lemma.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import lemma.autodiff.Autodiff;
import lemma.autodiff.GradCheck;
import lemma.tensor.DType;
import lemma.tensor.Nd4jBackend;
import lemma.tensor.PeakMemory;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.tensor.Tree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cross-entropy in blocks beside the one of all logits, whose values and gradients are PyTorch's. */
class CutCrossEntropyTest {
    private static final Tensor LABELS = Random.seed(3).integers(0, 300, 37);

    private record Head(Tensor e, Tensor c) implements Tree<Head> {
        @Override
        public List<Tensor> tensors() {
            return List.of(e, c);
        }

        @Override
        public Head map(UnaryOperator<Tensor> f) {
            return new Head(f.apply(e), f.apply(c));
        }
    }

    private static Head head(int n, int classes, int d, DType type) {
        return new Head(Random.seed(1).normal(Shape.of(n, d), type), Random.seed(2).normal(Shape.of(classes, d), type));
    }

    private static Autodiff.ValueAndGrad<Head> dense(Head h, Tensor labels) {
        return Autodiff.valueAndGrad((Head q) -> Losses.crossEntropy(q.e.matmul(q.c.t()), labels), h);
    }

    private static Autodiff.ValueAndGrad<Head> cut(CutCrossEntropy loss, Head h, Tensor labels) {
        return Autodiff.valueAndGrad((Head q) -> loss.apply(q.e, q.c, labels), h);
    }

    private static double distance(Tensor a, Tensor b) {
        return a.sub(b).abs().max().item();
    }

    static Stream<CutCrossEntropy> blocks() {
        CutCrossEntropy all = CutCrossEntropy.of();
        return Stream.of(all, all.withBlocks(8, 64), all.withBlocks(37, 300), all.withBlocks(1, 7), all.withBlocks(8, 64).withVocabularySort(),
                all.withBlocks(64, 512).withVocabularySort(), all.withBlocks(8, 64).withFilter(1e-12).withWholeClassifierGradient(), all.withBlocks(8, 64).withKahanSummation(),
                all.withBlocks(8, 64).withVocabularySort().withKahanSummation());
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void valueAndGradientsAreThoseOfAllLogits(CutCrossEntropy loss) {
        Head h = head(37, 300, 16, DType.FLOAT64);
        var ours = cut(loss, h, LABELS);
        var theirs = dense(h, LABELS);
        assertThat(ours.value().item()).isCloseTo(theirs.value().item(), within(1e-12));
        assertThat(distance(ours.grad().e, theirs.grad().e)).isLessThan(1e-11);
        assertThat(distance(ours.grad().c, theirs.grad().c)).isLessThan(1e-11);
        Head f = h.map(t -> t.to(DType.FLOAT32));
        var single = cut(loss, f, LABELS);
        assertThat(single.value().dtype()).isEqualTo(DType.FLOAT32);
        assertThat(single.value().item()).isCloseTo(theirs.value().item(), within(1e-5));
        assertThat(distance(single.grad().e.to(DType.FLOAT64), theirs.grad().e)).isLessThan(1e-6);
        assertThat(distance(single.grad().c.to(DType.FLOAT64), theirs.grad().c)).isLessThan(1e-6);
    }

    @Test
    void derivativesAgreeWithFiniteDifferencesToSecondOrder() {
        Head h = head(3, 7, 3, DType.FLOAT64);
        Tensor y = Tensor.of(new long[] {6, 0, 0});
        GradCheck.of((Tensor e, Tensor c) -> CutCrossEntropy.of().withBlocks(2, 4).apply(e, c, y)).withOrder(2).check(h.e, h.c).assertOk();
    }

    @Test
    void hugeLogitsAreStable() {
        Head h = head(5, 50, 4, DType.FLOAT64);
        h = new Head(h.e.mul(100), h.c.mul(100));
        Tensor y = LABELS.narrow(0, 0, 5).fmod(Tensor.of(new long[] {50, 50, 50, 50, 50}));
        var ours = cut(CutCrossEntropy.of().withBlocks(2, 8), h, y);
        var theirs = dense(h, y);
        assertThat(ours.value().item()).isGreaterThan(5e3).isCloseTo(theirs.value().item(), within(1e-8));
        assertThat(distance(ours.grad().c, theirs.grad().c)).isLessThan(1e-8);
    }

    @Test
    void compensationKeepsTheErrorOfSumsOverManyBlocksSmall() {
        // 20,000 blocks of one class for the embeddings, 4096 rows of five labels for the classifier; reference in double precision
        Head wide = head(2, 20_000, 3, DType.FLOAT32);
        Head tall = head(4096, 5, 3, DType.FLOAT32);
        double[] plain = errors(CutCrossEntropy.of(), wide, tall);
        double[] kahan = errors(CutCrossEntropy.of().withKahanSummation(), wide, tall);
        assertThat(kahan[0]).isLessThan(plain[0] / 5).isLessThan(3e-7);
        assertThat(kahan[1]).isLessThan(plain[1] / 2);
    }

    private static double[] errors(CutCrossEntropy loss, Head wide, Head tall) {
        Tensor y = Tensor.of(new long[] {0, 7});
        double e = relative(cut(loss.withBlocks(2, 1), wide, y).grad().e, dense(wide.map(t -> t.to(DType.FLOAT64)), y).grad().e);
        Tensor labels = Random.seed(5).integers(0, 5, 4096);
        double c = relative(cut(loss.withBlocks(1, 5), tall, labels).grad().c, dense(tall.map(t -> t.to(DType.FLOAT64)), labels).grad().c);
        return new double[] {e, c};
    }

    private static double relative(Tensor a, Tensor b) {
        return a.to(DType.FLOAT64).sub(b).norm().item() / b.norm().item();
    }

    @Test
    void nd4jGivesTheSame() {
        Head h = head(9, 40, 5, DType.FLOAT64).map(t -> t.to(Nd4jBackend.INSTANCE));
        Tensor y = LABELS.narrow(0, 0, 9).fmod(Tensor.of(new long[] {40, 40, 40, 40, 40, 40, 40, 40, 40}));
        var theirs = dense(head(9, 40, 5, DType.FLOAT64), y);
        var ours = cut(CutCrossEntropy.of().withBlocks(4, 16).withVocabularySort(), h, y.to(Nd4jBackend.INSTANCE));
        assertThat(ours.value().item()).isCloseTo(theirs.value().item(), within(1e-12));
        assertThat(ours.grad().c.toDoubles()).containsExactly(theirs.grad().c.toDoubles(), within(1e-12));
    }

    @Test
    void memoryIsThatOfTheFormulaForAnyNumberOfClasses() {
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) memoryIsThatOfTheFormula(type);
    }

    private static void memoryIsThatOfTheFormula(DType type) {
        CutCrossEntropy loss = CutCrossEntropy.of().withBlocks(64, 256);
        for (int classes : new int[] {2048, 8192}) {
            Head h = head(512, classes, 64, type);
            Tensor y = Random.seed(4).integers(0, classes, 512);
            PeakMemory<?> peak = PeakMemory.of(() -> cut(loss, h, y));
            double extra = peak.bytes() - (double) type.bytes() * 64 * (512 + classes);
            assertThat(extra / loss.extraBytes(512, 64, type)).isCloseTo(1, within(0.1));
        }
    }

    @Test
    void theFilterLeavesOutWhatNoSoftmaxReaches() {
        // class r has the logit -2 r of every row, so that only the first few matter
        Tensor c = Tensor.arange(0, 64, 1, DType.FLOAT64).mul(-2).unsqueeze(1);
        Tensor e = Tensor.ones(16, 1).to(DType.FLOAT64);
        Tensor y = Random.seed(5).integers(0, 64, 16);
        CutCrossEntropy filter = CutCrossEntropy.of().withBlocks(4, 8).withFilter(1e-3);
        assertThat(filter.skippedBlocks(e, c, y)).isEqualTo(7 / 8.0);
        assertThat(CutCrossEntropy.of().withBlocks(4, 8).skippedBlocks(e, c, y)).isZero();
        Tensor mixed = c.indexSelect(0, Random.seed(6).permutation(64));
        assertThat(filter.withVocabularySort().skippedBlocks(e, mixed, y)).isEqualTo(7 / 8.0);
        Head h = new Head(e, c);
        var exact = dense(h, y);
        var rough = cut(filter, h, y);
        assertThat(rough.value().item()).isCloseTo(exact.value().item(), within(1e-12));
        double missed = distance(rough.grad().c, exact.grad().c);
        assertThat(missed).isBetween(1e-8, 1e-3);
        assertThat(distance(cut(filter.withWholeClassifierGradient(), h, y).grad().c, exact.grad().c)).isLessThan(1e-14);
    }

    @Test
    void wrongShapesTypesAndLabelsAreRefused() {
        Function<Tensor, Tensor> with = y -> CutCrossEntropy.of().apply(Tensor.zeros(2, 3), Tensor.zeros(5, 3), y);
        assertThatThrownBy(() -> with.apply(Tensor.of(new long[] {0, 5}))).isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("label 5 of row 1");
        assertThatThrownBy(() -> with.apply(Tensor.of(new long[] {0}))).hasMessageContaining("[2, 3]").hasMessageContaining("[5, 3]");
        assertThatThrownBy(() -> with.apply(Tensor.zeros(2))).hasMessageContaining("integers");
        assertThatThrownBy(() -> CutCrossEntropy.of().withBlocks(0, 5)).hasMessageContaining("0 rows");
        assertThatThrownBy(() -> CutCrossEntropy.of().withFilter(1)).hasMessageContaining("eps is 1.0");
    }
}
