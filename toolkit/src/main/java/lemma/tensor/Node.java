package lemma.tensor;

/**
 * One recorded operation: its inputs and the rule that turns the gradient of its result into gradients of its inputs. The rules are
 * built from differentiable operations, so a gradient can be differentiated again. Library code of {@code lemma.autodiff} walks
 * these; users do not meet them.
 */
public final class Node {
    /** The vector-Jacobian product of an operation. */
    @FunctionalInterface
    public interface Rule {
        /**
         * Gradients of the inputs, null where an input has none.
         *
         * @param g gradient of the result, of the result's shape
         * @param y the result itself
         */
        Tensor[] apply(Tensor g, Tensor y);
    }

    private final String op;
    private final Node[] inputs;
    private final Rule rule;
    private final long order;
    private Tensor result;

    Node(String op, long order, Node[] inputs, Rule rule) {
        this.op = op;
        this.order = order;
        this.inputs = inputs;
        this.rule = rule;
    }

    void bind(Tensor y) {
        result = y;
    }

    /** What the operation gave. */
    public Tensor result() {
        return result;
    }

    /** Name of the operation. */
    public String op() {
        return op;
    }

    /** Nodes of the inputs; null where an input was not tracked. */
    public Node input(int i) {
        return inputs[i];
    }

    /** Number of inputs; none for a variable. */
    public int inputs() {
        return inputs.length;
    }

    /** Grows with time within a thread: an operation comes after its inputs. */
    public long order() {
        return order;
    }

    /** The rule. */
    public Rule rule() {
        return rule;
    }
}
