package lemma.tensor;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A stretch of work whose intermediate tensors go back to the pool when it ends: everything made inside by this thread, except what
 * is returned and what {@link Tensor#keep()} was called on.
 *
 * <p>While a transformation records, a scope inside it has no effect: the backward pass still needs the intermediates.
 *
 * <p>Tensors are found in what is returned when it is a Tensor, a {@link Tree}, a record, a collection, a map, an array or any nesting
 * of these. A tensor that escapes in another way fails at its next use with a message that says so.
 */
public final class Scope {
    private final ArrayList<Storage> made = new ArrayList<>();
    private final Scope outer;
    private int nextPruning = 64;

    private Scope(Scope outer) {
        this.outer = outer;
    }

    /** Runs {@code work} and returns its result; its other tensors are gone. */
    public static <T> T run(Supplier<T> work) {
        Context context = Context.get();
        if (context.recording) return work.get(); // what a gradient will need must not go away before it
        Scope scope = new Scope(context.scope);
        context.scope = scope;
        T result = null;
        try {
            result = work.get();
            return result;
        } finally {
            context.scope = scope.outer;
            scope.close(result);
        }
    }

    /** Runs {@code work}; its tensors are gone, but for those kept. */
    public static void run(Runnable work) {
        run(() -> {
            work.run();
            return null;
        });
    }

    /**
     * Gives back the tensors in {@code old} that are not in {@code next} now, without waiting for a scope or the collector: for a loop that
     * replaces the one by the other. Tensors on which {@link Tensor#keep()} was called stay.
     */
    public static void replace(Object old, Object next) {
        forEachTensor(next, t -> t.storage().holders++);
        forEachTensor(old, t -> {
            if (t.storage().holders == 0) t.storage().release();
        });
        forEachTensor(next, t -> t.storage().holders--);
    }

    void add(Storage s) {
        made.add(s);
    }

    /** Takes over a storage that an inner scope returned; a loop of such scopes must not make the list grow. */
    private void adopt(Storage s) {
        if (made.size() >= nextPruning) {
            made.removeIf(Storage::isReleased);
            nextPruning = 2 * made.size() + 64;
        }
        made.add(s);
    }

    int mark() {
        return made.size();
    }

    /** Releases what was made since {@code mark} but for storages that still hold gradients. */
    void releaseSince(int mark) {
        int kept = mark;
        for (int i = mark; i < made.size(); i++) {
            Storage s = made.get(i);
            if (s.holders == 0) s.release();
            if (s.isReleased()) continue;
            s.madeByWalk = true;
            made.set(kept++, s);
        }
        made.subList(kept, made.size()).clear();
    }

    /** Releases what was made since {@code mark} but for {@code kept} and storages that are held. */
    void releaseSince(int mark, Storage kept) {
        List<Storage> since = made.subList(mark, made.size());
        for (Storage s : since) if (s != kept && s.holders == 0) s.release();
        since.removeIf(Storage::isReleased);
    }

    private void close(Object result) {
        ArrayList<Storage> returned = new ArrayList<>();
        if (result != null) forEachTensor(result, t -> returned.add(t.storage()));
        for (Storage s : returned) s.holders++;
        for (Storage s : made) {
            if (s.holders == 0) s.release();
            else if (outer != null) outer.adopt(s);
            else s.manage();
        }
        for (Storage s : returned) s.holders--;
    }

    /** Calls {@code action} with every tensor in {@code value}. */
    static void forEachTensor(Object value, Consumer<Tensor> action) {
        switch (value) {
            case null -> { }
            case Tensor t -> action.accept(t);
            case Tree<?> tree -> tree.tensors().forEach(action);
            case Iterable<?> items -> items.forEach(v -> forEachTensor(v, action));
            case Map<?, ?> map -> map.values().forEach(v -> forEachTensor(v, action));
            case Record record -> forEachComponent(record, action);
            default -> {
                if (!(value instanceof Object[])) return;
                for (int i = 0; i < Array.getLength(value); i++) forEachTensor(Array.get(value, i), action);
            }
        }
    }

    private static void forEachComponent(Record record, Consumer<Tensor> action) {
        for (RecordComponent c : record.getClass().getRecordComponents()) {
            try {
                var accessor = c.getAccessor();
                accessor.setAccessible(true);
                forEachTensor(accessor.invoke(record), action);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("Scope: cannot read component " + c.getName() + " of the returned " + record.getClass().getName()
                        + "; return its tensors in a list, or call keep() on them", e);
            }
        }
    }
}
