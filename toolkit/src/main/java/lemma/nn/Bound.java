package lemma.nn;

import lemma.tensor.Tensor;

/** What a module sees while it is applied: the parameters and the state under its path, and the pass. */
public final class Bound {
    private final Params params;
    private final Params state;
    private final Pass pass;
    private final String prefix;

    Bound(Params params, Params state, Pass pass, String prefix) {
        this.params = params;
        this.state = state;
        this.pass = pass;
        this.prefix = prefix;
    }

    /** A parameter of this module. */
    public Tensor param(String name) {
        return params.get(prefix + name);
    }

    /** A parameter of this module, or null if it has none of that name. */
    public Tensor paramOrNull(String name) {
        return params.has(prefix + name) ? param(name) : null;
    }

    /** The state of this module as the pass has it by now. */
    public Tensor state(String name) {
        return pass.stateOr(prefix + name, state);
    }

    /** Hands back new state for this module. */
    public void update(String name, Tensor value) {
        pass.update(prefix + name, value);
    }

    /** What a child of this module sees. */
    public Bound child(String name) {
        return new Bound(params, state, pass, prefix + name + ".");
    }

    /** The output of a child of this module, as an observer of the pass lets it through. */
    public Tensor apply(String name, Module child, Tensor x) {
        return seen(name, child.forward(x, child(name)));
    }

    /** What goes on in the place of the output {@code y} of the child {@code name}: y itself unless an observer of the pass gives another. */
    public Tensor seen(String name, Tensor y) {
        return pass.seen(prefix + name, y);
    }

    /** The same with {@code value} for the parameter {@code name}, which may be a path within this module. */
    public Bound withParam(String name, Tensor value) {
        return new Bound(params.with(prefix + name, value), state, pass, prefix);
    }

    /** Positions that this module has seen before these {@code count} in a pass with a key-value cache; 0 in any other. */
    public int positionsBefore(int count) {
        KeyValueCache.Entry entry = cache();
        return entry == null ? 0 : entry.advance(count);
    }

    /** What this module has cached, or null in a pass without a cache. */
    KeyValueCache.Entry cache() {
        return pass.cache() == null ? null : pass.cache().at(prefix);
    }

    /** Whether this is training or evaluation, and its random numbers. */
    public Pass pass() {
        return pass;
    }
}
