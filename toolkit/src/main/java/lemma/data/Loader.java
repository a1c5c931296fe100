package lemma.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import lemma.train.Batch;
import lemma.train.TrainingData;

/**
 * Mini-batches of examples for a loop of one's own; a {@link lemma.train.Trainer} draws its own. The order of an epoch depends on the
 * random stream and the number of the epoch alone, so a run that is resumed at epoch e, batch i sees the examples that the unbroken run
 * sees, on any machine and for any number of threads.
 *
 * <pre>{@code
 * Loader loader = Loader.of(TrainingData.of(x, y)).batch(64).shuffle(Random.seed(3));
 * for (Batch batch : loader.epoch(0)) ...
 * }</pre>
 */
public final class Loader {
    private static final int BATCH = 32;

    private final TrainingData data;
    private final int batch;
    private final Random.State order;
    private final boolean dropLast;

    private Loader(TrainingData data, int batch, Random.State order, boolean dropLast) {
        this.data = data;
        this.batch = batch;
        this.order = order;
        this.dropLast = dropLast;
    }

    /** All examples in their order, 32 a batch. */
    public static Loader of(TrainingData data) {
        return new Loader(data, BATCH, null, false);
    }

    /** @throws IllegalArgumentException when {@code size < 1} */
    public Loader batch(int size) {
        if (size < 1) throw new IllegalArgumentException("Loader: batch is " + size + ", expected at least 1");
        return new Loader(data, size, order, dropLast);
    }

    /** Every epoch in another random order; {@code random} does not move. */
    public Loader shuffle(Random random) {
        return new Loader(data, batch, random.state(), dropLast);
    }

    /** Without the last batch of an epoch where it is smaller than the others. */
    public Loader dropLast() {
        return new Loader(data, batch, order, true);
    }

    /** Number of examples. */
    public int size() {
        return data.size();
    }

    /** Number of batches in an epoch. */
    public int batches() {
        return dropLast ? size() / batch : Math.ceilDiv(size(), batch);
    }

    /** The batches of epoch {@code number}. */
    public Iterable<Batch> epoch(long number) {
        long[] rows = rows(number);
        return () -> IntStream.range(0, batches()).mapToObj(i -> take(rows, i)).iterator();
    }

    /** The examples in the order in which epoch {@code number} takes them. */
    long[] rows(long number) {
        if (order == null) return IntStream.range(0, size()).asLongStream().toArray();
        return Random.of(order).fork(number).permutation(size()).toLongs();
    }

    @Override
    public String toString() {
        return "Loader(" + size() + " examples, " + batch + " a batch" + (order == null ? "" : ", shuffled") + ")";
    }

    private Batch take(long[] rows, int i) {
        int from = i * batch;
        int to = Math.min(from + batch, rows.length);
        return data.batch(Tensor.of(Arrays.copyOfRange(rows, from, to)));
    }
}
