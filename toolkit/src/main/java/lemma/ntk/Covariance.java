package lemma.ntk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * What flows through a network of infinite width: for every pair of examples the covariance of a layer's units (NNGP) and the NTK up to
 * there. Layers map it by {@link #affine}, {@link #linear} and {@link #activation}.
 *
 * <p>Positions stand in front and pairs of examples behind, so that sums over windows run over long rows: {@code (h, w, n1, n2)}, or
 * {@code (h, h', w, w', n1, n2)} with covariances between positions; without positions {@code (n1, n2)}. A network needs the variance of every
 * example at each of its nonlinearities. A first pass over single examples, whose last axis is {@code (n)} in place of
 * {@code (n1, n2)}, records them; passes over pairs read them.
 */
public final class Covariance {
    private final Tensor nngp;
    private final Tensor ntk;
    private final Shape shape;
    private final boolean betweenPositions;
    private final boolean gaussian;
    private final int affineMaps;
    private final Variances variances;

    private Covariance(Tensor nngp, Tensor ntk, Shape shape, boolean betweenPositions, boolean gaussian, int affineMaps, Variances variances) {
        this.nngp = nngp;
        this.ntk = ntk;
        this.shape = shape;
        this.betweenPositions = betweenPositions;
        this.gaussian = gaussian;
        this.affineMaps = affineMaps;
        this.variances = variances;
    }

    /** Of inputs, before any layer. */
    static Covariance ofInputs(Tensor nngp, Shape shape, boolean betweenPositions, Variances variances) {
        return new Covariance(nngp, null, shape, betweenPositions, false, 0, variances);
    }

    /** Covariance of a unit. */
    public Tensor nngp() {
        return nngp;
    }

    /** The tangent kernel of the parameters so far. */
    public Tensor ntk() {
        return ntk == null ? nngp.zerosLike() : ntk;
    }

    /** Shape of an example of the finite network here, (channels, positions...). */
    public Shape shape() {
        return shape;
    }

    /** Whether units are Gaussian here, as behind an affine layer but not behind a nonlinearity. */
    public boolean isGaussian() {
        return gaussian;
    }

    /** How many layers of weights stand before this. */
    public int affineMaps() {
        return affineMaps;
    }

    /** Whether covariances between different positions are there. */
    public boolean isBetweenPositions() {
        return betweenPositions;
    }

    /** Axes of positions, one or two for each axis of the input. */
    int positionAxes() {
        return (shape.rank() - 1) * (betweenPositions ? 2 : 1);
    }

    // ---- maps ----

    /**
     * A layer of weights {@code y = w W x + c b} with deviations s of W and t of b: {@code K' = d w^2 s^2 S(K) + c^2 t^2} and
     * {@code Theta' = eta (d w^2 S(K) + c^2 + d w^2 s^2 S(Theta))}, eta the factor of the rate of SGD; S is the mean over the d numbers that an output
     * sees. In the NTK parametrisation {@code K' = W_std^2 S(K) + b_std^2} and {@code Theta' = K' + W_std^2 S(Theta)}.
     *
     * @param mean S
     * @param out shape of an example behind the layer
     */
    Covariance affine(LayerScales scales, UnaryOperator<Tensor> mean, Shape out) {
        Tensor seen = mean.apply(nngp);
        Tensor k = shifted(scaled(seen, scales.weightVariance()), scales.biasVariance());
        boolean standardNormal = scales.weightStart() == 1 && scales.biasStart() == 1;
        Tensor own = standardNormal ? k : shifted(scaled(seen, scales.weightGain()), scales.biasGain());
        Tensor tangent = ntk == null ? own : scaled(mean.apply(ntk), scales.weightVariance()).add(own);
        return behind(k, scaled(tangent, scales.rate()), out);
    }

    private static Tensor scaled(Tensor k, double by) {
        return by == 1 ? k : k.mul(by);
    }

    private static Tensor shifted(Tensor k, double by) {
        return by == 0 ? k : k.add(by);
    }

    /** A linear layer without parameters; S maps both kernels. */
    public Covariance linear(UnaryOperator<Tensor> map, Shape out) {
        boolean still = betweenPositions && out.rank() > 1;
        return new Covariance(map.apply(nngp), ntk == null ? null : map.apply(ntk), out, still, gaussian, affineMaps, variances);
    }

    /** A nonlinearity: {@code K' = E[f(u) f(v)]}, {@code Theta' = Theta E[f'(u) f'(v)]}. */
    public Covariance activation(DualActivation dual) {
        if (!gaussian) throw new IllegalArgumentException("Covariance: the input of a nonlinearity is not Gaussian; put a dense or conv layer before it");
        Tensor[] v = variances();
        DualActivation.Expectation e = dual.of(nngp, v[0], v[1]);
        return new Covariance(e.value(), ntk == null ? null : ntk.mul(e.slope()), shape, betweenPositions, false, affineMaps, variances);
    }

    /** Each unit divided by the standard deviation of all channels at its position: {@code K' = K / sqrt((v1 + eps)(v2 + eps))}. */
    Covariance normalized(double eps) {
        Tensor[] v = variances();
        Tensor scale = v[0].add(eps).mul(v[1].add(eps)).rsqrt();
        return new Covariance(nngp.mul(scale), ntk == null ? null : ntk.mul(scale), shape, betweenPositions, gaussian, affineMaps, variances);
    }

    /**
     * Each unit kept with probability {@code keep} and divided by it, apart in every example and at every position: both kernels over {@code keep} where
     * the two examples and positions are one.
     */
    Covariance dropped(double keep) {
        Tensor one = variances.same(nngp);
        if (keep == 1 || one == null) return new Covariance(nngp, ntk, shape, betweenPositions, false, affineMaps, variances);
        int positions = shape.rank() - 1;
        for (int i = 0; betweenPositions && i < positions; i++) one = one.and(equalPositions(2 * i, nngp.rank()));
        return new Covariance(divided(nngp, one, keep), ntk == null ? null : divided(ntk, one, keep), shape, betweenPositions, false, affineMaps, variances);
    }

    private static Tensor divided(Tensor k, Tensor where, double by) {
        return Tensor.where(where, k.div(by), k);
    }

    /** Whether the positions on axis and axis + 1 are one, to be broadcast. */
    private Tensor equalPositions(int axis, int rank) {
        int[] dims = new int[rank];
        Arrays.fill(dims, 1);
        dims[axis] = nngp.dim(axis);
        dims[axis + 1] = nngp.dim(axis + 1);
        return Tensor.eye(nngp.dim(axis)).gt(0).to(nngp.backend()).reshape(dims);
    }

    /** With these kernels, behind a layer of weights whose outputs are Gaussian. */
    Covariance behind(Tensor nngp, Tensor ntk, Shape out) {
        return new Covariance(nngp, ntk, out, betweenPositions, true, affineMaps + 1, variances);
    }

    /** Covariances between the positions of the first example of each pair and of the second, (positions..., n): one tensor in a pass over single examples. */
    Tensor[] betweenPositionsOfEach() {
        if (variances.records()) variances.record(nngp);
        return variances.next();
    }

    /** Both kernels times {@code by}. */
    Covariance scaled(double by) {
        return by == 1 ? this : linear(k -> k.mul(by), shape);
    }

    /** With the kernels of {@code other} added. */
    Covariance plus(Covariance other) {
        return combined(other, shape, gaussian && other.gaussian);
    }

    /** With the kernels of {@code other} added, for {@code out} with the channels of both: units of different variances are not Gaussian together. */
    Covariance beside(Covariance other, Shape out) {
        return combined(other, out, false);
    }

    private Covariance combined(Covariance part, Shape out, boolean gaussian) {
        Tensor tangent = ntk == null ? part.ntk : part.ntk == null ? ntk : ntk.add(part.ntk);
        return new Covariance(nngp.add(part.nngp), tangent, out, betweenPositions, gaussian, Math.max(affineMaps, part.affineMaps), variances);
    }

    // ---- variances ----

    /** Variances of the first and of the second example of each pair, ready to be broadcast. */
    private Tensor[] variances() {
        int positions = shape.rank() - 1;
        if (variances.records()) variances.record(atEqualPositions(nngp, positions, betweenPositions));
        Tensor[] v = variances.next();
        if (variances.records()) return new Tensor[] {spread(v[0], 0), spread(v[1], 1)};
        return new Tensor[] {spread(paired(v[0].unsqueeze(-1)), 0), spread(paired(v[1].unsqueeze(-2)), 1)};
    }

    /** With both axes of pairs at full length where there are positions, so that rows of equal position are long. */
    private Tensor paired(Tensor v) {
        if (shape.rank() == 1) return v;
        int[] dims = v.shape().dims();
        dims[dims.length - 2] = nngp.dim(-2);
        dims[dims.length - 1] = nngp.dim(-1);
        return v.expand(dims).contiguous();
    }

    /** {@code (h, w, ...)} with an axis of length 1 for each position of the other example of a pair, of which this is the first or second. */
    private Tensor spread(Tensor v, int which) {
        if (!betweenPositions) return v;
        Tensor x = v;
        for (int i = 0; i < shape.rank() - 1; i++) x = x.unsqueeze(2 * i + 1 - which);
        return x;
    }

    /** {@code (h, h', w, w', ...)} to {@code (h, w, ...)}. */
    static Tensor atEqualPositions(Tensor k, int positions, boolean betweenPositions) {
        if (!betweenPositions) return k;
        Tensor x = k;
        for (int i = 0; i < positions; i++) x = x.diagonal(0, i, i + 1).movedim(-1, i);
        return x;
    }

    /** What a layer needs of each example, variances at a nonlinearity, in the order in which a network meets them. */
    static final class Variances {
        private final List<Tensor> first;
        private final List<Tensor> second;
        private final boolean records;
        /** Whether the second examples are the first. */
        private final boolean same;
        private int next;

        private Variances(List<Tensor> first, List<Tensor> second, boolean records, boolean same) {
            this.first = first;
            this.second = second;
            this.records = records;
            this.same = same;
        }

        static Variances recording() {
            List<Tensor> all = new ArrayList<>();
            return new Variances(all, all, true, true);
        }

        static Variances reading(List<Tensor> first, List<Tensor> second, boolean same) {
            return new Variances(first, second, false, same);
        }

        /** Where the two examples of {@code k} are one, to be broadcast; null if nowhere. */
        Tensor same(Tensor k) {
            if (!same) return null;
            Tensor one = records ? Tensor.ones(1) : Tensor.eye(k.dim(-1));
            return one.gt(0).to(k.backend());
        }

        boolean records() {
            return records;
        }

        void record(Tensor v) {
            first.add(v);
        }

        Tensor[] next() {
            Tensor[] v = {first.get(next), second.get(next)};
            next++;
            return v;
        }

        List<Tensor> recorded() {
            return first;
        }
    }
}
