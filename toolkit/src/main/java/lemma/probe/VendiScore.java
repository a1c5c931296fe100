package lemma.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import lemma.linalg.Linalg;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * The Vendi score: the effective number of different elements of a sample, {@code exp(-sum l log l)} with the eigenvalues l of K / n, for a
 * positive semidefinite similarity K with ones on its diagonal. From 1 (all alike) to n (nothing in common); m for m equal blocks;
 * unchanged when the whole sample is repeated.
 *
 * <p>Order q takes Renyi's entropy in the place of Shannon's, {@code (sum l^q)^(1 / (1 - q))}: q &gt; 1 counts common elements more, q &lt; 1
 * rare ones, infinity gives {@code 1 / max l}, 0 the rank (with rounding, seldom what is wanted). Element weights p take the eigenvalues of
 * {@code diag(sqrt p) K diag(sqrt p)}.
 *
 * <p>Without units. Primal: time O(n^2 d + n^3), memory n^2. Dual, for explicit features with d &lt; n: eigenvalues of {@code X^T X / n} of rows of
 * length one, time O(n d^2 + d^3), memory O(n d). Order 2 is {@code n^2 / |K|_F^2} and takes no eigenvalues: time O(n^2 d), and by a kernel memory
 * O(n d), in blocks of rows. Order infinity takes the largest one alone, time O(n^2 (d + steps)).
 *
 * @see <a href="https://arxiv.org/abs/2210.02410">Friedman, Dieng (2023), The Vendi Score, definition 3.1</a>
 * @see <a href="https://arxiv.org/abs/2310.12952">Pasarkar, Dieng (2024), Cousins of the Vendi Score</a>
 */
public final class VendiScore {
    /** An eigenvalue of K / n below this, with a minus, is not rounding. */
    private static final double ROUNDING = 1e-8;
    private static final Pattern WORD = Pattern.compile("\\w\\w+", Pattern.UNICODE_CHARACTER_CLASS);

    private VendiScore() {}

    /**
     * By cosine similarity, order 1; of primal and dual the one with fewer rows.
     *
     * @param x (n, d)
     * @throws IllegalArgumentException if a row is zero or a number is not finite
     */
    public static double of(Tensor x) {
        return of(x, 1);
    }

    /** By cosine similarity, order q. */
    public static double of(Tensor x, double q) {
        return Scope.run(() -> score(Spectrum.scatter(Features.unitRows("VendiScore", x)).div(x.dim(0)), q));
    }

    /** By another kernel with {@code k(x, x) = 1}, order 1. */
    public static double of(Tensor x, Kernel kernel) {
        return of(x, kernel, 1);
    }

    /**
     * By another kernel with {@code k(x, x) = 1}, order q.
     *
     * @throws IllegalArgumentException if the kernel is not 1 on the diagonal, or an eigenvalue that the order asks for is negative
     */
    public static double of(Tensor x, Kernel kernel, double q) {
        checkOrder(q);
        return Scope.run(() -> {
            Tensor z = Features.of("VendiScore", x);
            if (q == 2) return 1 / blocks(z, kernel, k -> k.square().sum()).stream().mapToDouble(Tensor::item).sum();
            return score(Scope.run(() -> Tensor.concat(blocks(z, kernel, k -> k), 0)), q);
        });
    }

    /** What {@code use} makes of the rows of K / n, block by block. */
    private static List<Tensor> blocks(Tensor z, Kernel kernel, UnaryOperator<Tensor> use) {
        int n = z.dim(0);
        int rows = Features.blockRows(n);
        List<Tensor> all = new ArrayList<>();
        for (int from = 0; from < n; from += rows) {
            int first = from;
            int last = Math.min(n, from + rows);
            all.add(Scope.run(() -> {
                Tensor k = kernel.between(z.narrow(0, first, last), z);
                checkOnes(k.narrow(1, first, last).diagonal(0));
                return use.apply(k.div(n));
            }));
        }
        return all;
    }

    /**
     * Of a similarity matrix k (n, n).
     *
     * @param q order, at least 0, infinity included
     * @throws IllegalArgumentException if k is not symmetric, not positive semidefinite, or its diagonal is not 1
     */
    public static double similarity(Tensor k, double q) {
        return Scope.run(() -> checkedScore(unitDiagonal(k).div(k.dim(0)), q));
    }

    /** Of a similarity matrix k (n, n) of elements with probabilities p (n) of sum 1. */
    public static double similarity(Tensor k, double[] p, double q) {
        if (p.length != k.dim(0)) throw new IllegalArgumentException("VendiScore: " + p.length + " probabilities for a similarity matrix " + k.shape());
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            if (!(p[i] >= 0)) throw new IllegalArgumentException("VendiScore: probability " + i + " is " + p[i] + ", expected at least 0");
            sum += p[i];
        }
        if (Math.abs(sum - 1) > 1e-9) throw new IllegalArgumentException("VendiScore: the probabilities sum to " + sum + ", expected 1");
        return Scope.run(() -> {
            Tensor root = Tensor.of(p).sqrt();
            return checkedScore(unitDiagonal(k).mul(root).mul(root.unsqueeze(1)), q);
        });
    }

    /**
     * The similarity of texts for {@link #similarity(Tensor, double)}: the cosine of their counts of n-grams, runs of n words. Words are what stands between
     * characters that are no letters, digits or underscores, in lower case, of two characters at least, as scikit-learn's CountVectorizer takes them.
     * Without units; time O(T^2 n-grams a text).
     *
     * @param texts T of them, each of at least n words
     * @return (T, T)
     * @throws IllegalArgumentException if n is less than 1 or a text has no n-gram
     */
    public static Tensor nGrams(List<String> texts, int n) {
        if (n < 1) throw new IllegalArgumentException("VendiScore.nGrams: n is " + n + ", expected at least 1");
        List<Map<List<String>, Double>> counts = texts.stream().map(text -> nGramCounts(text, n)).toList();
        double[][] k = new double[texts.size()][texts.size()];
        for (int i = 0; i < k.length; i++) {
            if (counts.get(i).isEmpty()) throw new IllegalArgumentException("VendiScore.nGrams: text " + i + " has fewer than " + n + " words");
            for (int j = 0; j <= i; j++) k[i][j] = k[j][i] = i == j ? 1 : dot(counts.get(i), counts.get(j)) / Math.sqrt(dot(counts.get(i), counts.get(i)) * dot(counts.get(j), counts.get(j)));
        }
        return Tensor.of(k);
    }

    private static Map<List<String>, Double> nGramCounts(String text, int n) {
        List<String> words = WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(MatchResult::group).toList();
        Map<List<String>, Double> counts = new HashMap<>();
        for (int i = 0; i + n <= words.size(); i++) counts.merge(words.subList(i, i + n), 1.0, Double::sum);
        return counts;
    }

    private static double dot(Map<List<String>, Double> a, Map<List<String>, Double> b) {
        return a.entrySet().stream().mapToDouble(e -> e.getValue() * b.getOrDefault(e.getKey(), 0.0)).sum();
    }

    /** The dual form: eigenvalues of {@code X^T X / n} of rows of length one, whatever n and d are. */
    public static double dual(Tensor x, double q) {
        return Scope.run(() -> {
            Tensor z = Features.unitRows("VendiScore.dual", x);
            return score(z.t().matmul(z).div(x.dim(0)), q);
        });
    }

    /** Internal diversity of a similarity matrix, {@code 1 - mean_ij k_ij}: the mean dissimilarity, which knows nothing of correlations. */
    public static double internalDiversity(Tensor k) {
        return Scope.run(() -> 1 - Features.symmetric("VendiScore.internalDiversity", k).mean().item());
    }

    private static Tensor unitDiagonal(Tensor k) {
        Tensor z = Features.symmetric("VendiScore", k);
        checkOnes(z.diagonal(0));
        return z;
    }

    private static void checkOnes(Tensor diagonal) {
        double off = diagonal.sub(1).abs().max().item();
        if (!(off <= 1e-8)) throw new IllegalArgumentException("VendiScore: the diagonal of the similarity matrix is off 1 by " + off + "; divide k_ij by sqrt(k_ii k_jj)");
    }

    private static void checkOrder(double q) {
        if (!(q >= 0)) throw new IllegalArgumentException("VendiScore: order q is " + q + ", expected at least 0");
    }

    /** Orders that do not look at the least eigenvalue leave it to Cholesky's factors whether it is negative. */
    private static double checkedScore(Tensor density, double q) {
        if (q == 2 || q == Double.POSITIVE_INFINITY) checkPositive(density);
        return score(density, q);
    }

    private static void checkPositive(Tensor density) {
        try {
            Linalg.cholesky(density.add(Tensor.eye(density.dim(0), DType.FLOAT64).mul(ROUNDING)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("VendiScore: the similarity is not positive semidefinite, K / n has an eigenvalue below " + -ROUNDING, e);
        }
    }

    private static double score(Tensor density, double q) {
        checkOrder(q);
        if (q == 2) return 1 / density.square().sum().item();
        if (q == Double.POSITIVE_INFINITY) return 1 / LargestEigenvalue.of(density);
        double[] l = Linalg.eigvalsh(density).toDoubles();
        if (l[0] < -ROUNDING) throw new IllegalArgumentException("VendiScore: the similarity is not positive semidefinite, it has an eigenvalue " + l[0] + " (of K / n)");
        return Math.exp(Entropies.renyi(Arrays.stream(l).map(v -> Math.max(v, 0)).toArray(), q));
    }
}
