package lemma.tensor;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One run of a function for all examples of a batch at once: what {@code vmap} and {@code perExampleGrads} of {@code lemma.autodiff} are
 * built from.
 *
 * <p>A mapped tensor has the shape of one example and, out of sight, an axis of examples: a stride by which the elements of one example
 * follow those of the one before. Where the stride is 0, all examples share the elements, so a parameter becomes one copy for each
 * example without being copied. Reshaping, transposing and slicing work on the visible shape and leave the stride alone. Operations
 * reach the {@link Backend} of a mapped tensor, and that one runs the rule of {@link BatchRules}: the same operation with one axis more,
 * which keeps the examples apart. An operation without a rule runs for one example after the other; one on shared tensors runs once.
 *
 * <p>Derivatives need nothing new: they are made of the same operations, so the gradient of a mapped parameter has one value an example.
 */
public final class Batching {
    private final int examples;
    private final int level;
    private final Map<Place, Mapped> backends = new HashMap<>();

    private record Place(Backend inner, long stride) {}

    private Batching(int examples, int level) {
        this.examples = examples;
        this.level = level;
    }

    /** Runs {@code work} with a map over {@code examples}; maps nest. */
    public static <T> T run(int examples, Function<Batching, T> work) {
        if (examples < 1) throw new IllegalArgumentException("Batching: the batch has " + examples + " examples, expected at least one");
        Context c = Context.get();
        Batching map = new Batching(examples, c.maps.size() + 1);
        c.maps.add(map);
        try {
            return work.apply(map);
        } finally {
            c.maps.removeLast();
        }
    }

    // ---- into the map and out of it ----

    /** {@code x (examples, ...)}: each example gets its row. */
    public Tensor split(Tensor x) {
        if (x.rank() == 0 || x.dim(0) != examples) throw new IllegalArgumentException("Batching: x is " + x.shape() + ", expected (" + examples + ", ...), one row an example");
        return Tensor.recordCrossing("split", wrap(x.detach()), (g, y) -> new Tensor[] {join(g)}, x);
    }

    /** Every example gets the same x. */
    public Tensor lift(Tensor x) {
        return Tensor.recordCrossing("lift", wrap(repeated(x.detach())), (g, y) -> new Tensor[] {join(g).sum(0)}, x);
    }

    /** The values of all examples, {@code (examples, ...)}. */
    public Tensor join(Tensor y) {
        if (levelOf(y) > level) throw new IllegalArgumentException("Batching: the tensor belongs to a map inside this one");
        if (levelOf(y) < level) return y.unsqueeze(0).expand(prepend(examples, y.shape()));
        return Tensor.recordCrossing("join", physical(y), (g, out) -> new Tensor[] {split(g)}, y);
    }

    /**
     * {@code x} with a value of its own for each example of every map that is running, as the point of a derivative must have: a derivative
     * in what the examples share would be the sum over them.
     */
    public static Tensor ofEachExample(Tensor x) {
        List<Batching> maps = Context.get().maps;
        return ofEachExample(x, maps, maps.size());
    }

    private static Tensor ofEachExample(Tensor x, List<Batching> maps, int outer) {
        if (outer == 0) return x;
        Batching map = maps.get(outer - 1);
        if (levelOf(x) < outer) return map.lift(ofEachExample(x, maps, outer - 1));
        if (outer == 1) return x;
        Tensor all = map.join(x);
        Tensor each = ofEachExample(all, maps, outer - 1);
        return each == all ? x : map.split(each);
    }

    private Tensor repeated(Tensor x) {
        return x.view(prepend(examples, x.shape()), prepend(0, x.strides()), x.offset());
    }

    Tensor wrap(Tensor x) {
        long[] s = x.strides();
        Mapped backend = backends.computeIfAbsent(new Place(x.backend(), s[0]), p -> mapped(p.inner, p.stride));
        return new Tensor(backend, x.storage(), tail(x.shape()), Arrays.copyOfRange(s, 1, s.length), x.offset(), x.dtype());
    }

    /** The elements of {@code y} with the axis of examples in front, untracked. */
    Tensor physical(Tensor y) {
        if (levelOf(y) < level) return repeated(y.detach());
        Mapped m = (Mapped) y.backend();
        y.storage().checkLive(y.shape(), y.dtype());
        return new Tensor(m.inner(), y.storage(), prepend(examples, y.shape()), prepend(m.exampleStride(), y.strides()), y.offset(), y.dtype());
    }

    /** The elements that all examples share, untracked. */
    private Tensor common(Tensor y) {
        if (levelOf(y) < level) return y.detach();
        return new Tensor(((Mapped) y.backend()).inner(), y.storage(), y.shape(), y.strides(), y.offset(), y.dtype());
    }

    // ---- what others ask about tensors ----

    /** True if {@code t} has one value for each example of some map that is running. */
    public static boolean isMapped(Tensor t) {
        return t.backend() instanceof Mapped;
    }

    /**
     * The value of {@code t} if the examples of all maps share it.
     *
     * @throws IllegalStateException that names {@code what}, if each example has its own
     */
    public static Tensor shared(Tensor t, String what) {
        Tensor s = t;
        while (s.backend() instanceof Mapped m) {
            if (m.exampleStride() != 0 && m.batching().examples > 1) throw new IllegalStateException(what + ": the tensor " + t.dtype() + " " + t.shape() + " has one value for each of " + m.batching().examples
                    + " examples, because this runs inside vmap, perExampleGrads or jacobian; compute with tensors there, and read them after the call");
            s = m.batching().common(s);
        }
        return s;
    }

    /** Every element of {@code t}, of all examples, untracked: to choose how to compute by the size of numbers. */
    public static Tensor allOf(Tensor t) {
        return t.backend() instanceof Mapped m ? allOf(m.batching().physical(t)) : t.detach();
    }

    /**
     * The backend for an operation on {@code all}, some of which may be null: that of the innermost map among them.
     *
     * @throws IllegalArgumentException if they live in different backends
     */
    public static Backend backend(Tensor... all) {
        Backend b = all[0].backend();
        for (Tensor t : all) {
            if (t == null) continue;
            if (!agree(t.backend(), b)) {
                throw new IllegalArgumentException("the tensor " + all[0].dtype() + " " + all[0].shape() + " lives in the backend " + home(b).name() + ", " + t.dtype() + " " + t.shape()
                        + " in " + home(t.backend()).name() + "; move one with to(Backend)");
            }
            if (levelOf(t.backend()) > levelOf(b)) b = t.backend();
        }
        return b;
    }

    /** Whether an operation may take tensors of both backends. */
    static boolean agree(Backend a, Backend b) {
        return a == b || (a instanceof Mapped || b instanceof Mapped) && home(a) == home(b);
    }

    private static Backend home(Backend b) {
        return b instanceof Mapped m ? home(m.inner()) : b;
    }

    private static int levelOf(Tensor t) {
        return levelOf(t.backend());
    }

    private static int levelOf(Backend b) {
        return b instanceof Mapped m ? m.batching().level : 0;
    }

    /** {@code t} on {@code backend}, one of a map: shared by its examples. */
    static Tensor moveInto(Tensor t, Mapped backend) {
        if (levelOf(t) >= levelOf(backend)) return t;
        return backend.batching().lift(t.to(backend.inner()));
    }

    /**
     * Where an operation on mapped tensors takes in a tensor from outside the map, gradients of all examples add up: the nodes that see
     * to it, between {@code input} and an operation of {@code backend}.
     */
    static Node bridge(Node input, Backend from, Backend backend, Context c) {
        if (!(backend instanceof Mapped m) || levelOf(from) >= levelOf(backend)) return input;
        Node outer = bridge(input, from, m.inner(), c);
        Node node = new Node("lift", c.nextOrder++, new Node[] {outer}, (g, y) -> new Tensor[] {m.batching().join(g).sum(0)});
        node.bind(input.result());
        return node;
    }

    // ---- running operations ----

    private Mapped mapped(Backend inner, long stride) {
        InvocationHandler handler = (proxy, method, arguments) -> switch (method.getName()) {
            case "batching" -> this;
            case "exampleStride" -> stride;
            case "inner" -> inner;
            case "name" -> inner.name() + " mapped over " + examples;
            case "toString" -> "Mapped[" + inner + ", " + examples + "]";
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> operate(inner, method, arguments);
        };
        return (Mapped) Proxy.newProxyInstance(Mapped.class.getClassLoader(), new Class<?>[] {Mapped.class}, handler);
    }

    private Object operate(Backend inner, Method operation, Object[] arguments) throws Throwable {
        List<Tensor> tensors = new ArrayList<>();
        for (Object a : arguments) collect(a, tensors);
        boolean split = tensors.isEmpty();
        Backend target = inner;
        for (Tensor t : tensors) {
            split |= isSplit(t);
            Backend b = levelOf(t) == level ? ((Mapped) t.backend()).inner() : t.backend();
            if (levelOf(b) > levelOf(target)) target = b;
        }
        if (!split) return wrapShared(call(operation, target, each(arguments, this::common)));
        Object result = BatchRules.run(this, target, operation, arguments);
        return wrapAll(result == BatchRules.NONE ? oneByOne(target, operation, arguments) : result);
    }

    private static void collect(Object argument, List<Tensor> into) {
        if (argument instanceof Tensor t) into.add(t);
        if (argument instanceof List<?> list) for (Object o : list) collect(o, into);
        if (argument instanceof Tensor[] array) for (Tensor t : array) collect(t, into);
    }

    /** True if the examples differ in {@code t}. */
    boolean isSplit(Tensor t) {
        return t != null && levelOf(t) == level && ((Mapped) t.backend()).exampleStride() != 0;
    }

    /** {@code t} as an operand that broadcasts against {@code (examples, ...)} of a visible rank {@code rank}. */
    Tensor operand(Tensor t, int rank) {
        if (!isSplit(t)) return common(t);
        Tensor p = physical(t);
        if (t.rank() == rank) return p;
        int[] d = new int[rank + 1];
        long[] s = new long[rank + 1];
        Arrays.fill(d, 1);
        Arrays.fill(s, 1);
        d[0] = examples;
        s[0] = p.strides()[0];
        System.arraycopy(t.shape().raw(), 0, d, rank + 1 - t.rank(), t.rank());
        System.arraycopy(t.strides(), 0, s, rank + 1 - t.rank(), t.rank());
        return p.view(Shape.of(d), s, p.offset());
    }

    /** The elements of a tensor that no example changes, or null. */
    Tensor sharedOrNull(Tensor t) {
        return isSplit(t) ? null : common(t);
    }

    int examples() {
        return examples;
    }

    Shape withExamples(Shape s) {
        return prepend(examples, s);
    }

    private Object oneByOne(Backend target, Method operation, Object[] arguments) throws Throwable {
        List<Object> results = new ArrayList<>(examples);
        for (int i = 0; i < examples; i++) {
            int example = i;
            results.add(call(operation, target, each(arguments, t -> isSplit(t) ? physical(t).get(example) : common(t))));
        }
        if (results.getFirst() instanceof Tensor) return stack(results.stream().map(Tensor.class::cast).toList());
        if (!(results.getFirst() instanceof Tensor[] first)) throw new IllegalStateException("Batching: " + operation.getName() + " has no rule for examples");
        Tensor[] all = new Tensor[first.length];
        for (int k = 0; k < all.length; k++) {
            int part = k;
            all[k] = first[k] == null ? null : stack(results.stream().map(r -> ((Tensor[]) r)[part]).toList());
        }
        return all;
    }

    private static Tensor stack(List<Tensor> parts) {
        Tensor all = Tensor.stack(parts, 0);
        for (Tensor p : parts) p.storage().release();
        return all;
    }

    private static Object[] each(Object[] arguments, Function<Tensor, Tensor> f) {
        Object[] out = arguments.clone();
        for (int i = 0; i < out.length; i++) {
            if (out[i] instanceof Tensor t) out[i] = f.apply(t);
            if (out[i] instanceof List<?> list) out[i] = list.stream().map(o -> o instanceof Tensor t ? f.apply(t) : o).toList();
            if (out[i] instanceof Tensor[] array) out[i] = Arrays.stream(array).map(t -> t == null ? null : f.apply(t)).toArray(Tensor[]::new);
        }
        return out;
    }

    static Object call(Method operation, Object on, Object... arguments) throws Throwable {
        try {
            return operation.invoke(on, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Object wrapAll(Object result) {
        if (result instanceof Tensor t) return wrap(t);
        if (result instanceof Tensor[] all) return Arrays.stream(all).map(t -> t == null ? null : wrap(t)).toArray(Tensor[]::new);
        return result;
    }

    private Object wrapShared(Object result) {
        if (result instanceof Tensor t) return wrap(repeated(t));
        if (result instanceof Tensor[] all) return Arrays.stream(all).map(t -> t == null ? null : wrap(repeated(t))).toArray(Tensor[]::new);
        return result;
    }

    private static Shape prepend(int n, Shape s) {
        int[] d = new int[s.rank() + 1];
        d[0] = n;
        System.arraycopy(s.raw(), 0, d, 1, s.rank());
        return Shape.of(d);
    }

    private static long[] prepend(long first, long[] strides) {
        long[] s = new long[strides.length + 1];
        s[0] = first;
        System.arraycopy(strides, 0, s, 1, strides.length);
        return s;
    }

    private static Shape tail(Shape s) {
        return Shape.of(Arrays.copyOfRange(s.raw(), 1, s.rank()));
    }
}
