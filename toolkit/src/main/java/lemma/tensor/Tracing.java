package lemma.tensor;

import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Supplier;

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

    /**
     * Gradients of {@code output} in {@code variables}, weighted with {@code seed}, which has output's shape; null where output does
     * not depend on a variable. Inside a further transformation the gradients are themselves differentiable.
     */
    public static Tensor[] backward(Tensor output, Tensor seed, List<Tensor> variables) {
        Context c = Context.get();
        boolean before = c.recording;
        c.recording = isNested();
        try {
            return new Walk(variables, c).from(output, seed);
        } finally {
            c.recording = before;
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

        Walk(List<Tensor> variables, Context context) {
            this.context = context;
            targets = new Node[variables.size()];
            found = new Tensor[targets.length];
            long first = Long.MAX_VALUE;
            for (int i = 0; i < targets.length; i++) {
                targets[i] = variables.get(i).node;
                if (targets[i] == null) throw new IllegalArgumentException("backward: variable " + i + " is not tracked");
                relevant.put(targets[i], true);
                first = Math.min(first, targets[i].order());
            }
            oldest = first;
        }

        Tensor[] from(Tensor output, Tensor seed) {
            if (output.node == null || !leadsToTarget(output.node)) return found;
            add(output.node, seed);
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
