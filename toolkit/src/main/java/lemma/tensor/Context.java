package lemma.tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * What a thread is doing: how deep it is inside transformations and inside maps over examples, whether operations are recorded,
 * which scope is open, and whether its loops stay on it.
 */
final class Context {
    private static final ThreadLocal<Context> CURRENT = ThreadLocal.withInitial(Context::new);

    int depth;
    boolean recording;
    boolean alone;
    Scope scope;
    long nextOrder;
    final List<Batching> maps = new ArrayList<>();
    boolean recomputing;
    Random.Uses randoms;

    static Context get() {
        return CURRENT.get();
    }
}
