package lemma.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import lemma.tensor.Batching;
import lemma.tensor.Random;
import lemma.tensor.Tensor;
import lemma.tensor.Tracing;

/** One application of a model: evaluation, or training with random numbers for dropout and new state to hand back. */
public final class Pass {
    private final Random random;
    private final Map<String, Tensor> updates = new LinkedHashMap<>();

    private final KeyValueCache cache;
    private final BiFunction<String, Tensor, Tensor> observer;

    private Pass(Random random, KeyValueCache cache, BiFunction<String, Tensor, Tensor> observer) {
        this.random = random;
        this.cache = cache;
        this.observer = observer;
    }

    /** Evaluation: no dropout, running statistics. */
    public static Pass eval() {
        return new Pass(null, null, null);
    }

    /** Evaluation of the next positions of a sequence, whose earlier ones are in {@code cache}; it takes in these. */
    public static Pass cached(KeyValueCache cache) {
        if (cache == null) throw new IllegalArgumentException("Pass.cached: cache is null; give a new KeyValueCache()");
        return new Pass(null, cache, null);
    }

    /** Training. */
    public static Pass train(Random random) {
        if (random == null) throw new IllegalArgumentException("Pass.train: random is null; give a Random, for example Random.seed(1)");
        return new Pass(random, null, null);
    }

    /**
     * The same kind of pass, in which {@code observer} is shown the output of each module of a {@link Sequential} and each layer of a transformer
     * under its path, such as "0" or "layers.2.0", and gives what the next one gets: the same tensor to watch, another to intervene.
     */
    public Pass observed(BiFunction<String, Tensor, Tensor> observer) {
        return new Pass(random, cache, observer);
    }

    /** What goes on in the place of the output {@code y} of the module at {@code path}. */
    Tensor seen(String path, Tensor y) {
        return observer == null ? y : observer.apply(path, y);
    }

    /** True in training. */
    public boolean isTraining() {
        return random != null;
    }

    /** The random numbers of a training pass. */
    public Random random() {
        if (random == null) throw new IllegalStateException("Pass: an evaluation pass has no random numbers; use Pass.train(random)");
        return random;
    }

    KeyValueCache cache() {
        return cache;
    }

    Tensor stateOr(String name, Params state) {
        Tensor t = updates.get(name);
        return t == null ? state.get(name) : t;
    }

    void update(String name, Tensor value) {
        if (Tracing.isRecomputing()) return;
        updates.put(name, Batching.shared(value.detach(), "update of " + name + ", running statistics mix the examples of a batch; normalise with LayerNorm or GroupNorm, or use Pass.eval()").keep());
    }

    /** {@code before} with what this pass has updated. */
    public Params state(Params before) {
        Params after = before;
        for (var e : updates.entrySet()) after = after.with(e.getKey(), e.getValue());
        return after;
    }
}
