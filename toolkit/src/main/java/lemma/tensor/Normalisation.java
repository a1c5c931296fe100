package lemma.tensor;

import java.util.Arrays;

/** Normalisation of channels, groups and rows, and the gradient of each. */
final class Normalisation {
    private Normalisation() {}

    private static void checkParameter(String op, String name, Tensor parameter, int length, Tensor x) {
        if (parameter == null || parameter.shape().equals(Shape.of(length))) return;
        throw new IllegalArgumentException(op + ": " + name + " is " + parameter.shape() + ", expected [" + length + "] for x " + x.shape());
    }

    private static void checkChannels(String op, Tensor x, Tensor weight, Tensor bias) {
        if (x.rank() < 2) throw new IllegalArgumentException(op + ": x is " + x.shape() + ", expected (n, c, ...)");
        checkParameter(op, "weight", weight, x.dim(1), x);
        checkParameter(op, "bias", bias, x.dim(1), x);
        Functional.checkTypes(op, x, weight, bias);
    }

    private static Tensor[] inputs(Tensor... all) {
        return Arrays.stream(all).filter(t -> t != null).toArray(Tensor[]::new);
    }

    /** The gradients of {@link #inputs}: those of the operands that are there. */
    private static Tensor[] present(Tensor[] gradients, Tensor... operands) {
        Tensor[] out = new Tensor[inputs(operands).length];
        for (int i = 0, k = 0; i < operands.length; i++) if (operands[i] != null) out[k++] = gradients[i];
        return out;
    }

    // ---- batch ----

    static Functional.BatchNorm batchNorm(Tensor x, Tensor weight, Tensor bias, double eps) {
        checkChannels("batchNorm", x, weight, bias);
        Tensor a = x.rank() == 2 ? x.unsqueeze(2) : x.flatten(2);
        Tensor[] out = Batching.backend(a, weight, bias).batchNorm(a, weight, bias, eps);
        Tensor y = Tensor.record("batchNorm", out[0], (g, r) -> {
            Tensor[] all = Views.isRecording(g, a) ? batchNormGradients(g, a, weight, eps)
                    : Batching.backend(g, a, weight).batchNormBackward(g, a.detach(), out[1], out[2], weight == null ? null : weight.detach(), eps);
            return present(all, a, weight, bias);
        }, inputs(a, weight, bias));
        return new Functional.BatchNorm(y.reshape(x.shape()), out[1], out[2]);
    }

    private static Tensor[] batchNormGradients(Tensor g, Tensor x, Tensor weight, double eps) {
        Tensor centred = x.sub(x.meanKeep(0, 2));
        Tensor rstd = centred.square().meanKeep(0, 2).add(eps).rsqrt();
        Tensor normal = centred.mul(rstd);
        Tensor gw = weight == null ? g : g.mul(weight.unsqueeze(-1));
        Tensor dx = rstd.mul(gw.sub(gw.meanKeep(0, 2)).sub(normal.mul(gw.mul(normal).meanKeep(0, 2))));
        return new Tensor[] {dx, g.mul(normal).sum(0, 2), g.sum(0, 2)};
    }

    // ---- groups ----

    static Tensor groupNorm(Tensor x, int groups, Tensor weight, Tensor bias, double eps) {
        checkChannels("groupNorm", x, weight, bias);
        if (groups < 1 || x.dim(1) % groups != 0) throw new IllegalArgumentException("groupNorm: groups is " + groups + ", which does not divide the channels of x " + x.shape());
        if (x.size() == 0) return x;
        return scaled(Functional.layerNorm(x.reshape(x.dim(0), groups, -1), null, null, eps).reshape(x.shape()), weight, bias);
    }

    static Tensor instanceNorm(Tensor x, Tensor weight, Tensor bias, double eps) {
        checkChannels("instanceNorm", x, weight, bias);
        if (x.rank() < 3) throw new IllegalArgumentException("instanceNorm: x is " + x.shape() + ", expected (n, c, ...) with at least one axis of places");
        return groupNorm(x, x.dim(1), weight, bias, eps);
    }

    private static Tensor scaled(Tensor y, Tensor weight, Tensor bias) {
        int[] channel = new int[y.rank() - 1];
        Arrays.fill(channel, 1);
        channel[0] = y.dim(1);
        Tensor scaled = weight == null ? y : y.mul(weight.reshape(channel));
        return bias == null ? scaled : scaled.add(bias.reshape(channel));
    }

    // ---- rows ----

    static Tensor layerNorm(Tensor x, Shape over, Tensor weight, Tensor bias, double eps) {
        int kept = x.rank() - over.rank();
        boolean fits = over.rank() > 0 && kept >= 0;
        for (int i = 0; fits && i < over.rank(); i++) fits = x.dim(kept + i) == over.dim(i);
        if (!fits) throw new IllegalArgumentException("layerNorm: the last axes of x " + x.shape() + " are not " + over);
        if (weight != null && !weight.shape().equals(over)) throw new IllegalArgumentException("layerNorm: weight is " + weight.shape() + ", expected " + over);
        if (bias != null && !bias.shape().equals(over)) throw new IllegalArgumentException("layerNorm: bias is " + bias.shape() + ", expected " + over);
        Tensor w = weight == null ? null : weight.flatten(0);
        Tensor b = bias == null ? null : bias.flatten(0);
        return Functional.layerNorm(x.flatten(kept), w, b, eps).reshape(x.shape());
    }

    static Tensor rmsNorm(Tensor x, Tensor weight, double eps) {
        if (x.rank() == 0) throw new IllegalArgumentException("rmsNorm: x is a scalar, expected (..., d)");
        checkParameter("rmsNorm", "weight", weight, x.dim(-1), x);
        Functional.checkTypes("rmsNorm", x, weight, null);
        Tensor[] out = Batching.backend(x, weight).rmsNorm(x, weight, eps);
        return Tensor.record("rmsNorm", out[0], (g, y) -> {
            Tensor[] all = Views.isRecording(g, x) ? rmsNormGradients(g, x, weight, eps)
                    : Batching.backend(g, x, weight).rmsNormBackward(g, x.detach(), out[1], weight == null ? null : weight.detach());
            return present(all, x, weight);
        }, inputs(x, weight));
    }

    private static Tensor[] rmsNormGradients(Tensor g, Tensor x, Tensor weight, double eps) {
        Tensor scale = x.square().meanKeep(-1).add(eps).rsqrt();
        Tensor normal = x.mul(scale);
        Tensor gw = weight == null ? g : g.mul(weight);
        Tensor dx = scale.mul(gw.sub(normal.mul(gw.mul(normal).meanKeep(-1))));
        return new Tensor[] {dx, weight == null ? null : g.mul(normal).sumTo(weight.shape())};
    }
}
