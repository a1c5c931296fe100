package lemma.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import lemma.loss.Losses;
import lemma.nn.Activation;
import lemma.nn.BatchNorm2d;
import lemma.nn.Conv2d;
import lemma.nn.Dropout;
import lemma.nn.Flatten;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.nn.Sequential;
import lemma.optim.Adam;
import lemma.optim.AdamW;
import lemma.optim.Groups;
import lemma.optim.Optimiser;
import lemma.optim.ReduceOnPlateau;
import lemma.optim.Schedule;
import lemma.optim.Sgd;
import lemma.tensor.DType;
import lemma.tensor.MemoryPool;
import lemma.tensor.Random;
import lemma.tensor.Slice;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    @TempDir
    Path folder;

    private static final Tensor X = Random.seed(1).normal(100, 4);
    private static final Tensor LABELS = X.get(Slice.all(), Slice.at(0)).mul(X.get(Slice.all(), Slice.at(1))).gt(0).to(DType.INT64);

    private static Model net() {
        return Sequential.of(Linear.of(4, 32), Activation.GELU, Dropout.of(0.1), Linear.of(32, 2)).init(Random.seed(2));
    }

    private static Trainer trainer(Optimiser optimiser) {
        return Trainer.of(net(), optimiser).loss(Losses::crossEntropy).batchSize(16).seed(3).quiet();
    }

    @Test
    void watchingShowsTheModelAndChangesNothing() {
        List<Long> seen = new ArrayList<>();
        List<Model> last = new ArrayList<>();
        History watched = trainer(Adam.of(1e-2)).steps(25).watch(10, (step, model) -> {
            seen.add(step);
            if (step == 25) last.add(model.map(Tensor::keep));
        }).fit(X, LABELS);
        assertThat(seen).containsExactly(0L, 10L, 20L, 25L);
        assertThat(watched.losses()).containsExactly(trainer(Adam.of(1e-2)).steps(25).fit(X, LABELS).losses());
        assertThat(last.getFirst().apply(X).toFloats()).containsExactly(watched.model().apply(X).toFloats());
        assertThatThrownBy(() -> trainer(Adam.of(1e-2)).watch(0, (step, model) -> seen.add(step))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("every 0 steps");
    }

    @Test
    void learnsAProductOfSigns() {
        History h = trainer(Adam.of(1e-2)).epochs(60).validation(TrainingData.of(X, LABELS)).metric("accuracy", Metrics::accuracy).fit(X, LABELS);
        assertThat(h.last("accuracy")).isGreaterThan(0.95);
        assertThat(h.losses()).hasSize(60 * 7);
        assertThat(h.evaluations()).hasSize(60);
        assertThat(h.table().columnNames()).containsExactly("step", "loss", "learning_rate", "val_loss", "accuracy");
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        float[] once = trainer(Adam.of(1e-2)).epochs(3).fit(X, LABELS).model().params().get("0.weight").toFloats();
        float[] again = trainer(Adam.of(1e-2)).epochs(3).fit(X, LABELS).model().params().get("0.weight").toFloats();
        float[] other = trainer(Adam.of(1e-2)).epochs(3).seed(4).fit(X, LABELS).model().params().get("0.weight").toFloats();
        assertThat(again).isEqualTo(once);
        assertThat(other).isNotEqualTo(once);
    }

    @Test
    void aResumedRunHasTheBitsOfAnUnbrokenOne() {
        Path file = folder.resolve("run.safetensors");
        for (Optimiser optimiser : new Optimiser[] {AdamW.of(Schedule.cosine(1e-2, 0, 40)), Sgd.of(0.05).withMomentum(0.9).withClipNorm(1),
            Groups.of(Adam.of(1e-2)).with("*.bias", Sgd.of(0.1).withMomentum(0.9)).withEma(0.9)}) {
            Trainer t = trainer(optimiser).validation(TrainingData.of(X, LABELS)).evaluateEvery(5);
            History whole = t.steps(40).fit(X, LABELS);
            t.steps(23).checkpoint(file, 10).fit(X, LABELS);
            History rest = t.steps(40).resumeFrom(file).fit(X, LABELS);
            assertThat(rest.losses()).isEqualTo(whole.losses());
            assertThat(rest.evaluations()).isEqualTo(whole.evaluations());
            for (String name : whole.model().params().names()) assertThat(rest.model().params().get(name).toFloats()).isEqualTo(whole.model().params().get(name).toFloats());
        }
    }

    @Test
    void aCheckpointOfAnotherRunIsRefused() throws IOException {
        Path file = folder.resolve("run.safetensors");
        trainer(Adam.of(1e-2)).steps(5).checkpoint(file, 5).fit(X, LABELS);
        assertThatThrownBy(() -> trainer(Adam.of(1e-2)).seed(9).steps(9).resumeFrom(file).fit(X, LABELS)).hasMessageContaining("seed 3").hasMessageContaining("seed 9");
        assertThatThrownBy(() -> trainer(Sgd.of(1e-2)).steps(9).resumeFrom(file).fit(X, LABELS)).hasMessageContaining("another optimiser");
        Model wide = Sequential.of(Linear.of(4, 33), Activation.GELU, Dropout.of(0.1), Linear.of(33, 2)).init(Random.seed(2));
        assertThatThrownBy(() -> Trainer.of(wide, Adam.of(1e-2)).loss(Losses::crossEntropy).batchSize(16).seed(3).quiet().steps(9).resumeFrom(file).fit(X, LABELS)).hasMessageContaining("[32, 4]");
        Files.write(file, new byte[20]);
        assertThatThrownBy(() -> trainer(Adam.of(1e-2)).steps(9).resumeFrom(file).fit(X, LABELS)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("run.safetensors");
    }

    @Test
    void earlyStoppingReturnsTheBestModel() {
        Tensor x = X.narrow(0, 0, 20);
        Tensor y = LABELS.narrow(0, 0, 20);
        TrainingData held = TrainingData.of(X.narrow(0, 20, 100), LABELS.narrow(0, 20, 100));
        History h = Trainer.of(net(), Adam.of(3e-2)).loss(Losses::crossEntropy).batchSize(20).epochs(500).validation(held).earlyStopping(5).quiet().fit(x, y);
        assertThat(h.steps()).isLessThan(500);
        double again = Trainer.evaluate(h.model(), held, Losses::crossEntropy, Map.of(), 64).get("val_loss");
        assertThat(again).isCloseTo(h.best("val_loss"), within(1e-6));
        assertThat(h.last("val_loss")).isGreaterThan(h.best("val_loss"));
    }

    @Test
    void runningStatisticsComeOutOfTraining() {
        Model conv = Sequential.of(Conv2d.of(1, 2, 3), BatchNorm2d.of(2), new Flatten(), Linear.of(2 * 4, 2)).init(Random.seed(1));
        Tensor images = Random.seed(4).normal(32, 1, 4, 4).add(3);
        Tensor y = Random.seed(5).integers(0, 2, 32);
        Model trained = Trainer.of(conv, Adam.of(1e-3)).loss(Losses::crossEntropy).batchSize(8).epochs(2).quiet().fit(images, y).model();
        assertThat(trained.state().get("1.running_var").toFloats()).isNotEqualTo(conv.state().get("1.running_var").toFloats());
        assertThat(trained.apply(images).isNaN().any().item()).isZero();
    }

    @Test
    void aLossThatIsNotFiniteStopsWithTheStepAndTheRate() {
        assertThatThrownBy(() -> trainer(Sgd.of(1e30)).steps(50).fit(X, LABELS)).isInstanceOf(ArithmeticException.class).hasMessageContaining("at step").hasMessageContaining("1.0E30");
    }

    @Test
    void anInterruptEndsTrainingAtOnce() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> trainer(Adam.of(1e-3)).steps(1_000_000_000).fit(X, LABELS)).isInstanceOf(CancellationException.class).hasMessageContaining("step 0");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aBatchInPartsGivesTheResultOfTheWholeBatch() {
        Model net = Sequential.of(Linear.of(4, 8), Activation.GELU, Linear.of(8, 2)).init(Random.seed(2)).map(t -> t.to(DType.FLOAT64));
        Tensor x = X.to(DType.FLOAT64);
        // 100 examples in batches of 30: parts of 8, 7, 8, 7 and a last batch of 10 in parts of 2, 3, 2, 3
        Trainer whole = Trainer.of(net, Adam.of(1e-2)).loss(Losses::crossEntropy).batchSize(30).epochs(5).seed(3).quiet();
        History expected = whole.fit(x, LABELS);
        History ours = whole.accumulate(4).fit(x, LABELS);
        assertThat(ours.losses()).containsExactly(expected.losses(), within(1e-12));
        for (String name : net.params().names()) assertThat(ours.model().params().get(name).toDoubles()).containsExactly(expected.model().params().get(name).toDoubles(), within(1e-10));
        assertThatThrownBy(() -> whole.accumulate(0)).hasMessageContaining("0 parts");
    }

    @Test
    void aBatchInPartsNeedsTheMemoryOfAPart() throws InterruptedException {
        Tensor x = Random.seed(1).normal(4096, 4);
        Tensor y = Random.seed(2).integers(0, 2, 4096);
        long whole = peakOfTraining(x, y, 1);
        assertThat(whole).isGreaterThan(1 << 20);
        assertThat(peakOfTraining(x, y, 16)).isLessThan(whole / 2);
    }

    /** The most bytes of tensors in a loss, above those before training. */
    private static long peakOfTraining(Tensor x, Tensor y, int parts) throws InterruptedException {
        long before = settledBytes();
        long[] top = {0};
        Trainer.of(net(), Adam.of(1e-3)).loss((p, t) -> {
            top[0] = Math.max(top[0], MemoryPool.bytesInUse());
            return Losses.crossEntropy(p, t);
        }).batchSize(4096).steps(3).accumulate(parts).quiet().fit(x, y);
        return top[0] - before;
    }

    /** What is in use once the collector has given back what other tests dropped. */
    private static long settledBytes() throws InterruptedException {
        long bytes = Long.MAX_VALUE;
        for (int quiet = 0, i = 0; quiet < 3 && i < 50; i++) {
            System.gc();
            Thread.sleep(20);
            quiet = MemoryPool.bytesInUse() < bytes ? 0 : quiet + 1;
            bytes = MemoryPool.bytesInUse();
        }
        return bytes;
    }

    @Test
    void theRateFallsOnAPlateauAndAResumedRunKnows() {
        Path file = folder.resolve("plateau.safetensors");
        ReduceOnPlateau rate = ReduceOnPlateau.of(0.5).withPatience(1).withFactor(0.3);
        Trainer t = trainer(Sgd.of(rate)).validation(TrainingData.of(X, LABELS)).evaluateEvery(2).reduceOnPlateau(rate);
        History whole = t.steps(60).fit(X, LABELS);
        double end = rate.at(0);
        assertThat(end).isLessThan(0.5);
        t.steps(30).checkpoint(file, 10).fit(X, LABELS);
        assertThat(t.steps(60).resumeFrom(file).fit(X, LABELS).losses()).isEqualTo(whole.losses());
        assertThat(rate.at(0)).isEqualTo(end);
        assertThatThrownBy(() -> trainer(Sgd.of(rate)).reduceOnPlateau(rate).fit(X, LABELS)).hasMessageContaining("validation");
    }

    @Test
    void theTrainedModelHasTheAveragedWeights() {
        double[] with = trainer(Sgd.of(0.5).withEma(0.95)).steps(60).fit(X, LABELS).model().params().get("0.weight").toDoubles();
        double[] without = trainer(Sgd.of(0.5)).steps(60).fit(X, LABELS).model().params().get("0.weight").toDoubles();
        assertThat(with).isNotEqualTo(without);
        History best = trainer(Sgd.of(0.5).withEma(0.5)).validation(TrainingData.of(X, LABELS)).evaluateEvery(3).earlyStopping(4).steps(300).fit(X, LABELS);
        assertThat(Trainer.evaluate(best.model(), TrainingData.of(X, LABELS), Losses::crossEntropy, Map.of(), 64).get("val_loss")).isCloseTo(best.best("val_loss"), within(1e-6));
    }

    @Test
    void theModelGivenIsStillThereAfterwards() {
        Model start = net();
        float[] before = start.params().get("0.weight").toFloats();
        Trainer.of(start, Adam.of(1e-2)).loss(Losses::crossEntropy).epochs(2).quiet().fit(X, LABELS);
        assertThat(start.params().get("0.weight").toFloats()).isEqualTo(before);
    }

    @Test
    void memoryInUseDoesNotGrowWithTheNumberOfSteps() {
        long[] peak = new long[2];
        for (int run = 0; run < 2; run++) {
            long[] top = {0};
            int steps = run == 0 ? 50 : 500;
            Trainer.of(net(), Adam.of(1e-3)).loss((p, y) -> {
                top[0] = Math.max(top[0], MemoryPool.bytesInUse());
                return Losses.crossEntropy(p, y);
            }).batchSize(16).steps(steps).quiet().fit(X, LABELS);
            peak[run] = top[0];
        }
        // what earlier tests have left to the collector may still be counted, and goes only down
        assertThat(peak[1]).isLessThanOrEqualTo((long) (1.1 * peak[0]) + 65_536);
    }

    @Test
    void noStepLeavesATensorBehind() {
        long[] after = new long[400];
        int[] step = {0};
        Trainer.of(net(), Adam.of(1e-3)).loss((p, y) -> {
            after[step[0]++] = MemoryPool.bytesInUse();
            return Losses.crossEntropy(p, y);
        }).batchSize(100).steps(400).quiet().fit(X, LABELS);
        // an epoch is one step here; the collector can only make the number smaller
        assertThat(after[399]).isLessThanOrEqualTo(after[3]);
    }

    @Test
    void missingPiecesAreNamed() {
        assertThatThrownBy(() -> Trainer.of(net(), Adam.of(1)).fit(X, LABELS)).hasMessageContaining("no loss");
        assertThatThrownBy(() -> trainer(Adam.of(1)).earlyStopping(3).fit(X, LABELS)).hasMessageContaining("validation");
        assertThatThrownBy(() -> trainer(Adam.of(1)).fit(X, LABELS.narrow(0, 0, 5))).hasMessageContaining("[100, 4]").hasMessageContaining("[5]");
    }
}
