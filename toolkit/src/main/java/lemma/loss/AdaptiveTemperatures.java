package lemma.loss;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import lemma.tensor.DType;
import lemma.tensor.Slice;
import lemma.tensor.Tensor;

/**
 * {@link AdaptiveLdrKlLoss} with the memory that training needs: the temperature of each training example, lambda0 at first, renewed from the
 * model's present logits whenever the example is in a batch, before its loss is taken.
 *
 * <p>Targets are {@code (n, 2)} INT64, label and number of the example, as {@link #targets} makes them. One object belongs to one training
 * run on one thread.
 *
 * @see <a href="https://arxiv.org/abs/2112.14869">Zhu, Ying, Yang (2023), Label distributionally robust losses, algorithm 1</a>
 */
public final class AdaptiveTemperatures implements BiFunction<Tensor, Tensor, Tensor> {
    private final AdaptiveLdrKlLoss loss;
    private final double[] lambdas;

    private AdaptiveTemperatures(AdaptiveLdrKlLoss loss, double[] lambdas) {
        this.loss = loss;
        this.lambdas = lambdas;
    }

    /** For so many training examples. */
    public static AdaptiveTemperatures of(AdaptiveLdrKlLoss loss, int examples) {
        if (examples < 1) throw new IllegalArgumentException("AdaptiveTemperatures: " + examples + " examples, expected at least 1");
        double[] lambdas = new double[examples];
        Arrays.fill(lambdas, loss.lambda0());
        return new AdaptiveTemperatures(loss, lambdas);
    }

    /** Labels (n) with the numbers 0 to n - 1 of their examples: (n, 2). */
    public static Tensor targets(Tensor labels) {
        return Tensor.stack(List.of(labels.to(DType.INT64), Tensor.arange(0, labels.dim(0), 1, DType.INT64)), 1);
    }

    /** The mean loss of a batch, whose temperatures are renewed. */
    @Override
    public Tensor apply(Tensor logits, Tensor targets) {
        if (targets.rank() != 2 || targets.dim(1) != 2 || targets.dim(0) != logits.dim(0)) {
            throw new IllegalArgumentException("AdaptiveTemperatures: targets are " + targets.shape() + " for logits " + logits.shape() + "; expected (n, 2) of labels and numbers, see targets()");
        }
        int[] number = targets.get(Slice.all(), Slice.at(1)).toInts();
        double[] before = Arrays.stream(number).mapToDouble(i -> lambdas[i]).toArray();
        Tensor now = loss.lambdas(logits, Tensor.of(before).to(logits.dtype()));
        double[] after = now.toDoubles();
        for (int i = 0; i < number.length; i++) lambdas[number[i]] = after[i];
        return loss.each(logits, targets.get(Slice.all(), Slice.at(0)), now).mean();
    }

    /** The temperature of each example by now. */
    public double[] lambdas() {
        return lambdas.clone();
    }
}
