package lemma.data;

import java.util.List;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.train.Batch;

/**
 * Sequences that ask for memory: at each step a number, uniform in [0, 1), and a mark, which is 1 at one step of the first half and one of the
 * second, else 0. The target is the sum of the two marked numbers. Always to answer 1 has the mean squared error 1/6.
 *
 * @param length steps of a sequence, at least 2
 * @see <a href="https://doi.org/10.1162/neco.1997.9.8.1735">Hochreiter, Schmidhuber (1997), Long short-term memory, section 5.4</a>
 */
public record AddingProblem(int length) {
    public AddingProblem {
        if (length < 2) throw new IllegalArgumentException("AddingProblem: length " + length + ", expected at least 2");
    }

    /** n sequences: x (n, length, 2), the numbers before the marks, and y (n, 1). */
    public Batch sample(int n, Random random) {
        int half = length / 2;
        Tensor numbers = random.fork(0).uniform(Shape.of(n, length), DType.FLOAT32);
        Tensor marks = Tensor.concat(List.of(mark(n, half, random.fork(1)), mark(n, length - half, random.fork(2))), 1);
        return new Batch(Tensor.stack(List.of(numbers, marks), 2), numbers.mul(marks).sumKeep(1));
    }

    private static Tensor mark(int n, int places, Random random) {
        return random.integers(0, places, n).oneHot(places).to(DType.FLOAT32);
    }
}
