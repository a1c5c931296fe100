package lemma.probe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import lemma.autodiff.Autodiff;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * The signal-to-noise ratio of the gradients of mini-batches at one point, a layer at a time: {@code |mean_b g_b| / sqrt(sum_i var_b g_bi)}, the length of their mean
 * over that of their standard deviations (divisor: the number of batches). Above 1 stochastic gradient descent drifts, below 1 it diffuses.
 * Without units; it depends on the size of the batches. Time: one gradient a batch.
 *
 * @see <a href="https://arxiv.org/abs/1703.00810">Shwartz-Ziv, Tishby (2017), Opening the Black Box of Deep Neural Networks via Information, section 3.3</a>
 */
public final class GradientSnr {
    private GradientSnr() {}

    /**
     * @param loss of predictions and targets, as in training
     * @param batch examples a batch, consecutive ones; a smaller last batch is left out
     * @return for each layer ("0", "2", "layers.1", ...) the ratio over its weight and bias; infinite without any noise
     * @throws IllegalArgumentException if there are fewer than two batches
     */
    public static Map<String, Double> of(Model model, BiFunction<Tensor, Tensor, Tensor> loss, Tensor x, Tensor y, int batch) {
        int batches = batch < 1 ? 0 : x.dim(0) / batch;
        if (batches < 2) throw new IllegalArgumentException("GradientSnr: " + x.dim(0) + " examples in batches of " + batch + ", expected at least two batches");
        return Scope.run(() -> {
            Params sum = null;
            Params squares = null;
            for (int b = 0; b < batches; b++) {
                Tensor input = x.narrow(0, b * batch, (b + 1) * batch);
                Tensor target = y.narrow(0, b * batch, (b + 1) * batch);
                Params gradient = Autodiff.grad((Params p) -> loss.apply(model.with(p).apply(input), target), model.params()).map(g -> g.to(DType.FLOAT64));
                Params square = gradient.map(Tensor::square);
                sum = b == 0 ? gradient : sum.zip(gradient, Tensor::add);
                squares = b == 0 ? square : squares.zip(square, Tensor::add);
            }
            return ratios(sum.map(g -> g.div(batches)), squares.map(g -> g.div(batches)));
        });
    }

    private static Map<String, Double> ratios(Params mean, Params square) {
        Map<String, double[]> parts = new LinkedHashMap<>();
        for (String name : mean.names()) {
            double signal = mean.get(name).square().sum().item();
            double[] part = parts.computeIfAbsent(name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "", unseen -> new double[2]);
            part[0] += signal;
            part[1] += Math.max(0, square.get(name).sum().item() - signal);
        }
        Map<String, Double> ratios = new LinkedHashMap<>();
        parts.forEach((layer, part) -> ratios.put(layer, Math.sqrt(part[0] / part[1])));
        return ratios;
    }
}
