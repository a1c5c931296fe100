package lemma.nn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lemma.tensor.Tensor;

/**
 * Keys and values of the positions that a causal transformer has seen, so that the next ones cost no second look: give the prompt, then token
 * by token, to the same model with {@link Pass#cached}. The outputs are those of one pass over the whole sequence. Of the positions that
 * {@link Aaren} has seen a {@link StreamingAttentionState} remains, whose size does not grow.
 *
 * <pre>{@code
 * KeyValueCache cache = new KeyValueCache();
 * Tensor logits = net.apply(prompt, Pass.cached(cache));      // (batch, time) -> (batch, time, vocabulary)
 * logits = net.apply(nextToken, Pass.cached(cache));          // (batch, 1)
 * }</pre>
 *
 * <p>A cache belongs to one sequence of calls of one model and is used by one thread.
 */
public final class KeyValueCache {
    private final Map<String, Entry> entries = new HashMap<>();

    /** What one layer remembers. */
    static final class Entry {
        private Tensor keys;
        private Tensor values;
        private int positions;
        /** What {@link Aaren} keeps instead of keys and values, or null. */
        StreamingAttentionState state;

        /** Keys and values (batch, heads, time, d) of all positions so far and these. */
        List<Tensor> append(Tensor newKeys, Tensor newValues) {
            Tensor k = keys == null ? newKeys.detach().contiguous() : Tensor.concat(List.of(keys, newKeys.detach()), 2);
            Tensor v = values == null ? newValues.detach().contiguous() : Tensor.concat(List.of(values, newValues.detach()), 2);
            keys = k.keep();
            values = v.keep();
            return List.of(keys, values);
        }

        private long bytes() {
            long streamed = state == null ? 0 : state.bytes();
            return keys == null ? streamed : streamed + keys.size() * keys.dtype().bytes() + values.size() * values.dtype().bytes();
        }

        /** Positions before these {@code count}, which it counts. */
        int advance(int count) {
            int before = positions;
            positions += count;
            return before;
        }
    }

    /** Bytes of the numbers that it holds. */
    public long bytes() {
        return entries.values().stream().mapToLong(Entry::bytes).sum();
    }

    Entry at(String path) {
        return entries.computeIfAbsent(path, p -> new Entry());
    }
}
