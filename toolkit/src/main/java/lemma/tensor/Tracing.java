package lemma.tensor;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Recording operations and walking them backwards: what {@code lemma.autodiff} builds its transformations from. The record lives
 * only during {@link #run}.
 */
public final class Tracing {
    private Tracing() {}

    /** Runs {@code work} with recording on. The outermost call opens a {@link Scope}. */
    public static <T> T run(Supplier<T> work) {
        Context c = Context.get();
        if (c.depth == 0) return Scope.run(() -> record(c, work));
        return record(c, work);
    }

    private static <T> T record(Context c, Supplier<T> work) {
        boolean before = c.recording;
        c.depth++;
        c.recording = true;
        try {
            return work.get();
        } finally {
            c.depth--;
            c.recording = before;
        }
    }

    /** True inside a transformation within a transformation: the outer one may differentiate what the inner one computes. */
    public static boolean isNested() {
        return Context.get().depth > 1;
    }

    // ---- for packages that make operations of their own from the primitives of a Backend ----

    /** True if operations on one of these tensors are being recorded now. */
    public static boolean isRecording(Tensor... inputs) {
        return Views.isRecording(inputs);
    }

    /** Notes that {@code y}, fresh and untracked, came from {@code inputs} by {@code op}; returns y. */
    public static Tensor record(String op, Tensor y, Node.Rule rule, Tensor... inputs) {
        return Tensor.record(op, y, rule, inputs);
    }

    /** A saved tensor as a rule may use it: tracked only while a higher derivative is recorded. */
    public static Tensor forRule(Tensor saved) {
        return Views.forRule(saved);
    }

    /**
     * Gradients of {@code output} in {@code variables}, weighted with {@code seed}, which has output's shape; null where output does
     * not depend on a variable. Inside a further transformation the gradients are themselves differentiable.
     */
    public static Tensor[] backward(Tensor output, Tensor seed, List<Tensor> variables) {
        return backward(List.of(output), List.of(seed), variables);
    }

    /** As {@link #backward(Tensor, Tensor, List)}, summed over several outputs with a seed each, in one walk. */
    public static Tensor[] backward(List<Tensor> outputs, List<Tensor> seeds, List<Tensor> variables) {
        Context c = Context.get();
        boolean before = c.recording;
        c.recording = isNested();
        try {
            return new Walk(nodes(variables), c).from(outputs, seeds);
        } finally {
            c.recording = before;
        }
    }

    private static Node[] nodes(List<Tensor> variables) {
        Node[] nodes = new Node[variables.size()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = variables.get(i).node;
            if (nodes[i] == null) throw new IllegalArgumentException("backward: variable " + i + " is not tracked");
        }
        return nodes;
    }

    // ---- running again instead of keeping ----

    /** True while a checkpointed function runs for the second time, so that what it does on the side is not done twice. */
    public static boolean isRecomputing() {
        return Context.get().recomputing;
    }

    /** {@code f(x)}; its intermediates go back to the pool now, and the backward pass makes them again. */
    public static Tensor checkpoint(UnaryOperator<Tensor> f, Tensor x) {
        Context c = Context.get();
        if (!c.recording || c.scope == null) return f.apply(x);
        long start = c.nextOrder;
        int mark = c.scope.mark();
        Random.Uses randoms = Random.Uses.begin(c);
        Tensor y;
        try {
            y = f.apply(x);
        } finally {
            randoms.end(c);
        }
        if (y.node == null) return y;
        Node[] inputs = inputsBefore(start, y.node);
        Tensor result = y.detach();
        c.scope.releaseSince(mark, result.storage());
        return Tensor.attach("checkpoint", result, (g, same) -> again(f, x, g, inputs, randoms), inputs, c);
    }

    /** The nodes older than {@code start} that operations from there on, back from {@code end}, take in. */
    private static Node[] inputsBefore(long start, Node end) {
        if (end.order() < start) return new Node[] {end};
        LinkedHashSet<Node> found = new LinkedHashSet<>();
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        ArrayDeque<Node> stack = new ArrayDeque<>(List.of(end));
        while (!stack.isEmpty()) {
            Node node = stack.pop();
            for (int i = 0; i < node.inputs(); i++) {
                Node input = node.input(i);
                if (input == null || !seen.add(input)) continue;
                if (input.order() < start) found.add(input);
                else stack.push(input);
            }
        }
        return found.toArray(Node[]::new);
    }

    private static Tensor[] again(UnaryOperator<Tensor> f, Tensor x, Tensor g, Node[] inputs, Random.Uses randoms) {
        Context c = Context.get();
        boolean recording = c.recording;
        boolean recomputing = c.recomputing;
        c.recording = true;
        c.recomputing = true;
        try {
            Tensor y = randoms.replay(() -> f.apply(x));
            c.recording = recording;
            return new Walk(inputs, c).from(List.of(y), List.of(g));
        } finally {
            c.recording = recording;
            c.recomputing = recomputing;
        }
    }

    /** One walk from an output back to the variables, later operations first. */
    private static final class Walk {
        private final Context context;
        private final Node[] targets;
        private final Tensor[] found;
        private final long oldest;
        private final IdentityHashMap<Node, Tensor> pending = new IdentityHashMap<>();
        private final PriorityQueue<Node> queue = new PriorityQueue<>((a, b) -> Long.compare(b.order(), a.order()));
        private final IdentityHashMap<Node, Boolean> relevant = new IdentityHashMap<>();

        Walk(Node[] targets, Context context) {
            this.context = context;
            this.targets = targets;
            found = new Tensor[targets.length];
            long first = Long.MAX_VALUE;
            for (int i = 0; i < targets.length; i++) {
                relevant.put(targets[i], true);
                first = Math.min(first, targets[i].order());
            }
            oldest = first;
        }

        Tensor[] from(List<Tensor> outputs, List<Tensor> seeds) {
            for (int i = 0; i < outputs.size(); i++) {
                Node end = outputs.get(i).node;
                if (end != null && leadsToTarget(end)) add(end, seeds.get(i));
            }
            while (!queue.isEmpty()) step(queue.poll());
            if (!context.recording) for (Tensor g : found) if (g != null) g.storage().holders--;
            return found;
        }

        private void step(Node node) {
            Tensor g = pending.remove(node);
            int target = targetIndex(node);
            if (target >= 0) {
                found[target] = g;
                return;
            }
            boolean recording = context.recording;
            Scope scope = context.scope;
            int mark = scope == null ? 0 : scope.mark();
            Tensor y = recording ? node.result() : node.result().detach();
            Tensor[] gradients = node.rule().apply(g, y);
            for (int i = 0; i < gradients.length; i++) {
                Node input = node.input(i);
                if (gradients[i] != null && input != null && relevant.getOrDefault(input, false)) add(input, gradients[i]);
            }
            if (recording || scope == null) return;
            scope.releaseSince(mark);
            drop(g);
        }

        /** One gradient less on a storage; the last one gives it back if this walk made it. */
        private static void drop(Tensor g) {
            Storage s = g.storage();
            s.holders--;
            if (s.holders == 0 && s.madeByWalk) s.release();
        }

        private void add(Node node, Tensor g) {
            Tensor before = pending.get(node);
            Tensor sum = before == null ? g : before.add(g);
            pending.put(node, sum);
            if (before == null) queue.add(node);
            if (context.recording) return;
            sum.storage().holders++;
            if (before != null) drop(before);
        }

        private int targetIndex(Node node) {
            for (int i = 0; i < targets.length; i++) if (targets[i] == node) return i;
            return -1;
        }

        /** Marks the nodes between {@code end} and the variables; without recursion, since a record may be long. */
        private boolean leadsToTarget(Node end) {
            ArrayDeque<Node> stack = new ArrayDeque<>();
            stack.push(end);
            while (!stack.isEmpty()) {
                Node node = stack.peek();
                if (relevant.containsKey(node)) {
                    stack.pop();
                    continue;
                }
                boolean ready = true;
                boolean leads = false;
                for (int i = 0; i < node.inputs(); i++) {
                    Node input = node.input(i);
                    if (input == null || input.order() < oldest) continue;
                    Boolean known = relevant.get(input);
                    if (known == null) {
                        stack.push(input);
                        ready = false;
                    } else {
                        leads |= known;
                    }
                }
                if (!ready) continue;
                relevant.put(node, leads);
                stack.pop();
            }
            return relevant.get(end);
        }
    }
}
