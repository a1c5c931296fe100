package lemma.dynamics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.optim.Optimiser;
import lemma.plot.Figure;
import lemma.probe.Capture;
import lemma.scaling.PowerLawFit;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * How far the coordinates of every layer's outputs move in the first steps of training, at several widths: root mean squares of
 * {@code x_t - x_0}. In a correct {@link lemma.optim.MuP} no layer's movement grows or vanishes with the width.
 *
 * @param widths of the networks
 * @param movement a value a width, for each layer that has parameters, by its path
 * @see <a href="https://arxiv.org/abs/2203.03466">Yang et al. (2022), Tensor programs V, section D.1</a>
 */
public record CoordinateCheck(int[] widths, Map<String, double[]> movement) {
    public CoordinateCheck {
        if (widths.length < 2) throw new IllegalArgumentException("CoordinateCheck: " + widths.length + " widths, expected at least 2");
    }

    /**
     * Trains the model of each width for {@code steps} steps on all of x.
     *
     * @param models fresh models by width
     * @param optimisers their optimisers by width
     * @param loss of the outputs for x, a scalar
     */
    public static CoordinateCheck run(IntFunction<Model> models, IntFunction<? extends Optimiser> optimisers, Tensor x, Function<Tensor, Tensor> loss, int steps, int... widths) {
        if (steps < 1) throw new IllegalArgumentException("CoordinateCheck: steps is " + steps + ", expected at least 1");
        Map<String, double[]> movement = new LinkedHashMap<>();
        for (int w = 0; w < widths.length; w++) {
            int place = w;
            Model start = models.apply(widths[w]);
            Function<Params, Tensor> ofParams = p -> loss.apply(start.with(p).apply(x));
            Params end = FullBatchGradientDescent.of(ofParams, optimisers.apply(widths[w])).run(start.params(), steps).end();
            moved(start, start.with(end), x).forEach((layer, size) -> movement.computeIfAbsent(layer, unseen -> new double[widths.length])[place] = size);
        }
        return new CoordinateCheck(widths, movement);
    }

    private static Map<String, Double> moved(Model start, Model end, Tensor x) {
        return Scope.run(() -> {
            Map<String, Tensor> before = Capture.of(start).activations(x);
            Map<String, Tensor> after = Capture.of(end).activations(x);
            Map<String, Double> moved = new LinkedHashMap<>();
            before.forEach((layer, y) -> {
                boolean learns = start.params().names().stream().anyMatch(name -> name.startsWith(layer + "."));
                if (learns) moved.put(layer, Math.sqrt(after.get(layer).sub(y).square().mean().item()));
            });
            return moved;
        });
    }

    /** The exponent of the width in the movement of a layer: the slope of its logarithm by least squares. 0 where coordinates are stable. */
    public double exponent(String layer) {
        double[] y = movement.get(layer);
        if (y == null) throw new IllegalArgumentException("CoordinateCheck: no layer '" + layer + "'; there are " + movement.keySet());
        return PowerLawFit.of(Arrays.stream(widths).asDoubleStream().toArray(), y).beta();
    }

    /** The exponent that is farthest from 0, over all layers. */
    public double farthestExponent() {
        return movement.keySet().stream().map(this::exponent).max((a, b) -> Double.compare(Math.abs(a), Math.abs(b))).orElseThrow();
    }

    /** Movement against width, a line a layer. */
    public Figure figure(String title) {
        double[] n = Arrays.stream(widths).asDoubleStream().toArray();
        Figure figure = Figure.of(title).xLog("width").yLog("movement of a coordinate");
        for (var layer : movement.entrySet()) figure = figure.line("layer " + layer.getKey(), n, layer.getValue()).markers();
        return figure;
    }
}
