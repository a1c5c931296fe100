package lemma.ntk;

import java.util.List;
import java.util.stream.IntStream;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * NNGP and NTK of a network of infinite width, FLOAT32 or FLOAT64 as the inputs are. Pairs of examples are taken in blocks, each on a thread, so that
 * memory beside the result does not grow with their number; of a kernel between the examples of one set a block and its mirror image are
 * computed once, and the kernel is symmetric to the last bit.
 *
 * <p>Networks with pooling need covariances between all positions, {@code (h w)^2} numbers a pair; others need {@code h w}.
 */
public final class AnalyticKernels {
    private static final int BLOCK = 1 << 16;

    private final Network network;
    private final int block;

    private AnalyticKernels(Network network, int block) {
        this.network = network;
        this.block = block;
    }

    public static AnalyticKernels of(Network network) {
        return new AnalyticKernels(network, BLOCK);
    }

    /** With at most {@code numbers} covariances in a block (or those of one pair, if these are more); 65,536 unless given. */
    public AnalyticKernels withBlock(int numbers) {
        if (numbers < 1) throw new IllegalArgumentException("AnalyticKernels: a block of " + numbers + " numbers, expected at least 1");
        return new AnalyticKernels(network, numbers);
    }

    /** Between all examples of x (n, ...). */
    public NetworkKernel kernel(Tensor x) {
        check(x);
        return Scope.run(() -> symmetric(x, variances(x)));
    }

    /** Between the examples of x1 (n1, ...) and those of x2 (n2, ...), which count as different ones for {@link Stax#dropout}. */
    public NetworkKernel kernel(Tensor x1, Tensor x2) {
        check(x1);
        check(x2);
        if (!example(x1).equals(example(x2)) || x1.dtype() != x2.dtype()) {
            throw new IllegalArgumentException("AnalyticKernels: x1 is " + x1.dtype() + " " + x1.shape() + ", x2 " + x2.dtype() + " " + x2.shape() + "; types and all axes but the first must be equal");
        }
        return Scope.run(() -> {
            List<Tensor> first = variances(x1);
            List<Tensor> second = variances(x2);
            int side = side(x1);
            return Blocks.of(x1.dim(0), x2.dim(0), side, (i, j) -> pairs(x1, i, first, x2, j, second, side, false));
        });
    }

    /** Of every example of x (n, ...) with itself: (n). */
    public NetworkKernel diagonal(Tensor x) {
        check(x);
        return Scope.run(() -> {
            int count = batch(x);
            List<NetworkKernel> parts = Blocks.each((x.dim(0) + count - 1) / count, b -> {
                Tensor part = part(x, b * count, count);
                return result(network.covariance(ofExamples(part, Covariance.Variances.recording())), 1);
            });
            return Blocks.concat(parts, 0);
        });
    }

    private static void check(Tensor x) {
        if (x.rank() >= 2 && x.rank() <= 4 && x.dim(0) > 0 && x.dtype().isFloat()) return;
        throw new IllegalArgumentException("AnalyticKernels: x is " + x.dtype() + " " + x.shape() + ", expected floats (n, c), (n, c, l) or (n, c, h, w) with at least one example");
    }

    private static Shape example(Tensor x) {
        return x.shape().without(0);
    }

    // ---- sizes ----

    /** Covariances of a pair of inputs. */
    private long numbers(Tensor x) {
        long positions = example(x).size() / x.dim(1);
        return network.mixesPositions() ? positions * positions : positions;
    }

    /** Examples in a pass over single ones. */
    private int batch(Tensor x) {
        return (int) Math.clamp(block / numbers(x), 1, x.dim(0));
    }

    /** Examples along each side of a block of pairs. */
    private int side(Tensor x) {
        return (int) Math.max(1, Math.sqrt(block / (double) numbers(x)));
    }

    // ---- passes ----

    /** What layers need of every example, (positions..., n). */
    private List<Tensor> variances(Tensor x) {
        int count = batch(x);
        List<List<Tensor>> parts = Blocks.each((x.dim(0) + count - 1) / count, b -> {
            Covariance.Variances record = Covariance.Variances.recording();
            network.covariance(ofExamples(part(x, b * count, count), record));
            return record.recorded();
        });
        return IntStream.range(0, parts.getFirst().size()).mapToObj(i -> Tensor.concat(parts.stream().map(p -> p.get(i)).toList(), -1)).toList();
    }

    private static Tensor part(Tensor x, int from, int count) {
        return x.narrow(0, from, Math.min(x.dim(0), from + count));
    }

    /** Covariances of each example with itself, (positions..., n). */
    private Covariance ofExamples(Tensor x, Covariance.Variances variances) {
        return Covariance.ofInputs(Inputs.ofExamples(x, network.mixesPositions()), example(x), network.mixesPositions(), variances);
    }

    private NetworkKernel pairs(Tensor x1, int i, List<Tensor> v1, Tensor x2, int j, List<Tensor> v2, int side, boolean same) {
        Tensor a = part(x1, i, side);
        Tensor b = part(x2, j, side);
        boolean between = network.mixesPositions();
        Tensor k = same ? Inputs.ofSame(a, between) : Inputs.ofPairs(a, b, between);
        Covariance.Variances read = Covariance.Variances.reading(rows(v1, i, side), rows(v2, j, side), same);
        return result(network.covariance(Covariance.ofInputs(k, example(a), between, read)), 2);
    }

    private static List<Tensor> rows(List<Tensor> variances, int from, int count) {
        return variances.stream().map(v -> v.narrow(-1, from, Math.min(v.dim(-1), from + count))).toList();
    }

    /** With examples in front of positions. */
    private static NetworkKernel result(Covariance k, int exampleAxes) {
        return new NetworkKernel(Inputs.examplesFirst(k.nngp(), exampleAxes), Inputs.examplesFirst(k.ntk(), exampleAxes));
    }

    private NetworkKernel symmetric(Tensor x, List<Tensor> variances) {
        int side = side(x);
        int positions = network.out(example(x)).rank() - 1;
        return Blocks.symmetric(x.dim(0), side, (i, j) -> pairs(x, i, variances, x, j, variances, side, i == j), k -> Inputs.mirrored(k, positions));
    }
}
