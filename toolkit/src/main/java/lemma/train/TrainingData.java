package lemma.train;

import lemma.tensor.Tensor;

/** Examples by number: what a {@link Trainer} draws its batches from. */
public interface TrainingData {
    /** Number of examples. */
    int size();

    /** The examples of {@code index} (INT64, one axis). */
    Batch batch(Tensor index);

    /** The examples of {@code index} (INT64, one axis) as a set of their own; it holds on to the index, not to copies. */
    default TrainingData take(Tensor index) {
        TrainingData all = this;
        return new TrainingData() {
            @Override
            public int size() {
                return index.dim(0);
            }

            @Override
            public Batch batch(Tensor which) {
                return all.batch(index.indexSelect(0, which));
            }
        };
    }

    /** Examples along the first axes of two tensors of equal length. */
    static TrainingData of(Tensor x, Tensor y) {
        if (x.rank() == 0 || y.rank() == 0 || x.dim(0) != y.dim(0) || x.dim(0) == 0) {
            throw new IllegalArgumentException("TrainingData: x is " + x.shape() + ", y " + y.shape() + "; the first axes must be equal and not empty");
        }
        return new TrainingData() {
            @Override
            public int size() {
                return x.dim(0);
            }

            @Override
            public Batch batch(Tensor index) {
                return new Batch(x.indexSelect(0, index.to(x.backend())), y.indexSelect(0, index.to(y.backend())));
            }
        };
    }
}
