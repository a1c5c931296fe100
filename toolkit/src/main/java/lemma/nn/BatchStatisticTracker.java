package lemma.nn;

import lemma.tensor.Tensor;

/**
 * Hands x on and notes in its state how far the variances of batches are from their running mean: after each training batch with variances
 * {@code v_B} of the d features, {@code |v_B - v| / |v|} is added to a sum and {@code v <- (1 - momentum) v + momentum v_B}. The first
 * {@code warmup} batches move v only.
 *
 * <p>Shapes: {@code x (..., d) -> (..., d)}, the rows are all leading axes; state {@code running_var (d), sum, batches (1)}.
 *
 * @param features d
 * @param momentum share of the new batch, 0.1 as in {@link BatchNorm1d}
 * @param warmup batches before the sum begins
 * @see <a href="https://arxiv.org/abs/2003.07845">Shen et al. (2020), PowerNorm: Rethinking batch normalization in transformers, section 3</a>
 */
public record BatchStatisticTracker(int features, double momentum, int warmup) implements Module {
    public BatchStatisticTracker {
        if (features < 1 || warmup < 1) throw new IllegalArgumentException("BatchStatisticTracker: features " + features + ", warmup " + warmup + ", expected at least 1");
        if (!(momentum >= 0 && momentum <= 1)) throw new IllegalArgumentException("BatchStatisticTracker: momentum " + momentum + ", expected 0 to 1");
    }

    /** With momentum 0.1 and 20 batches of warm-up. */
    public static BatchStatisticTracker of(int features) {
        return new BatchStatisticTracker(features, 0.1, 20);
    }

    public BatchStatisticTracker withWarmup(int batches) {
        return new BatchStatisticTracker(features, momentum, batches);
    }

    /**
     * The mean of {@code |v_B - v| / |v|} that the tracker at {@code path} has noted.
     *
     * @param path of the tracker in the model, "" if it is the model
     */
    public static double fluctuation(Model model, String path, int warmup) {
        String prefix = path.isEmpty() ? "" : path + ".";
        double counted = model.state().get(prefix + "batches").item() - warmup;
        if (counted < 1) throw new IllegalArgumentException("BatchStatisticTracker: " + path + " has seen no batch after its warm-up of " + warmup);
        return model.state().get(prefix + "sum").item() / counted;
    }

    @Override
    public Params state() {
        return Params.of("running_var", Tensor.zeros(features)).with("sum", Tensor.zeros(1)).with("batches", Tensor.zeros(1));
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        Tensor rows = ChannelNorms.rows("BatchStatisticTracker", x, features, at);
        if (at.pass().isTraining()) note(rows.detach().var(0, 0), at);
        return x;
    }

    private void note(Tensor variance, Bound at) {
        double batches = at.state("batches").item();
        Tensor running = batches == 0 ? variance : at.state("running_var");
        at.update("batches", at.state("batches").add(1));
        at.update("running_var", running.mul(1 - momentum).add(variance.mul(momentum)));
        if (batches < warmup) return;
        double distance = variance.sub(running).norm(0).item() / running.norm(0).item();
        at.update("sum", at.state("sum").add(distance));
    }
}
