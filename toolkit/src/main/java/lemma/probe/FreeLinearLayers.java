package lemma.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import lemma.nn.Params;
import lemma.optim.Lbfgs;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * M linear layers on free features H (N, d) with a squared penalty on all of them. By the inequality of the means, what the cheapest factors of outputs Z cost
 * is {@code (M + 1)/2 (lambda_H prod_j lambda_j)^(1/(M+1)) sum_k s_k(Z)^(2/(M+1))}.
 */
record FreeLinearLayers(int examples, int classes, double[] weightDecay, double featureDecay) {
    private static final Lbfgs.Options OPTIONS = Lbfgs.Options.DEFAULT.withHistory(20).withMaxIterations(20_000).withGradientTolerance(1e-11).withValueTolerance(1e-16);

    /** M. */
    int layers() {
        return weightDecay.length;
    }

    /** {@code (lambda_H prod_j lambda_j)^(1/(M+1))}. */
    double cost() {
        return Math.pow(featureDecay * Arrays.stream(weightDecay).reduce(1, (a, b) -> a * b), 1.0 / (layers() + 1));
    }

    /** What a singular value of the outputs costs. */
    double penalty(double singularValue) {
        return (layers() + 1) / 2.0 * cost() * Math.pow(singularValue, 2.0 / (layers() + 1));
    }

    /**
     * Where L-BFGS ends from {@code starts} random points of three scales, the lowest end first.
     *
     * @param loss of the outputs (N, K) and of {@code more}
     * @param more parameters without penalty
     * @param width d, at least K
     */
    List<DeepLinearFeatures.Solution> ends(BiFunction<Tensor, Params, Tensor> loss, Params more, int width, int starts, Random random) {
        return IntStream.range(0, starts)
                .mapToObj(s -> solution(Lbfgs.minimize(p -> objective(loss, p), start(more, width, 1 + s % 3 / 2.0, random), OPTIONS)))
                .sorted(Comparator.comparingDouble(DeepLinearFeatures.Solution::objective)).toList();
    }

    private DeepLinearFeatures.Solution solution(Lbfgs.ParamsResult end) {
        List<Tensor> weights = new ArrayList<>();
        for (int j = 1; j <= layers(); j++) weights.add(end.params().get("w" + j));
        return new DeepLinearFeatures.Solution(weights, end.params().get("h"), end.value());
    }

    private Params start(Params more, int width, double scale, Random random) {
        Params p = more.with("h", random.normal(Shape.of(examples, width), DType.FLOAT64).mul(scale));
        for (int j = 1; j <= layers(); j++) p = p.with("w" + j, random.normal(Shape.of(j == layers() ? classes : width, width), DType.FLOAT64).mul(scale / Math.sqrt(width)));
        return p;
    }

    private Tensor objective(BiFunction<Tensor, Params, Tensor> loss, Params p) {
        Tensor z = p.get("h");
        Tensor decay = z.square().sum().mul(featureDecay / 2);
        for (int j = 1; j <= layers(); j++) {
            z = z.matmul(p.get("w" + j).t());
            decay = decay.add(p.get("w" + j).square().sum().mul(weightDecay[j - 1] / 2));
        }
        return loss.apply(z, p).add(decay);
    }
}
