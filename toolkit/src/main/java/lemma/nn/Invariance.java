package lemma.nn;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Changes of weights or data that a normalised layer may not notice: {@link #change} says by how much its outputs move. With
 * {@code delta} a number from 2 to 3, {@code gamma} a normal vector, W (out, in) and x (examples, in).
 *
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros, Hinton (2016), Layer Normalization, table 1</a>
 */
public enum Invariance {
    /** {@code delta W}. */
    WEIGHT_SCALE,
    /** {@code W + 1 gamma^T}: the same vector added to the weights of every unit. */
    WEIGHT_RECENTRE,
    /** {@code delta w_i} for one unit i. */
    WEIGHT_VECTOR_SCALE,
    /** {@code delta x}. */
    DATA_SCALE,
    /** {@code x + 1 gamma^T}: the same vector added to every example. */
    DATA_RECENTRE,
    /** {@code delta x_j} for one example j. */
    CASE_SCALE;

    /**
     * The largest {@code |y' - y|} over all outputs of a training pass, before and after the change.
     *
     * @param weight name of the parameter W
     * @param x (examples, in)
     * @param random draws delta, gamma, i and j
     */
    public double change(Model model, String weight, Tensor x, Random random) {
        Tensor w = model.params().get(weight);
        if (w.rank() != 2 || x.rank() != 2 || w.dim(1) != x.dim(1)) {
            throw new IllegalArgumentException("Invariance: " + weight + " is " + w.shape() + ", x " + x.shape() + "; expected (out, in) and (examples, in)");
        }
        Tensor y = model.apply(x, Pass.train(random.fork(1)));
        boolean ofWeight = this == WEIGHT_SCALE || this == WEIGHT_RECENTRE || this == WEIGHT_VECTOR_SCALE;
        Model changed = ofWeight ? model.with(model.params().with(weight, changed(w, random))) : model;
        Tensor moved = changed.apply(ofWeight ? x : changed(x, random), Pass.train(random.fork(1)));
        return moved.sub(y).abs().max().item();
    }

    private Tensor changed(Tensor rows, Random random) {
        double delta = 2 + random.fork(2).uniform(Shape.of(1), DType.FLOAT64).item();
        return switch (this) {
            case WEIGHT_SCALE, DATA_SCALE -> rows.mul(delta);
            case WEIGHT_RECENTRE, DATA_RECENTRE -> rows.add(random.fork(3).normal(Shape.of(rows.dim(1)), rows.dtype()));
            case WEIGHT_VECTOR_SCALE, CASE_SCALE -> {
                Tensor one = random.fork(4).integers(0, rows.dim(0), 1).oneHot(rows.dim(0)).to(rows.dtype()).reshape(-1, 1);
                yield rows.mul(one.mul(delta - 1).add(1));
            }
        };
    }
}
