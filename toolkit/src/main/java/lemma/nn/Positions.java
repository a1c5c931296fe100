package lemma.nn;

import lemma.tensor.Tensor;

/** Positions of keys relative to queries. */
final class Positions {
    private Positions() {}

    /** INT64 (queries, keys): position of each key less that of each query, the queries being the last of the keys' positions. */
    static Tensor relative(int queries, int keys) {
        return Tensor.arange(keys).reshape(1, keys).sub(Tensor.arange(queries).reshape(queries, 1).add(keys - queries));
    }
}
