package lemma.ntk;

import java.util.ArrayList;
import java.util.List;
import lemma.linalg.Linalg;
import lemma.nn.Params;
import lemma.optim.Lbfgs;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * A deep kernel machine: the Gram matrices {@code G_1 .. G_L} of the layers of a deep Gaussian process whose outputs grow with its width, in the limit of
 * infinite width. They are not given by the kernel, as in an NNGP, but maximise
 * {@code L = log p(Y | G_L) - nu sum_l KL(N(0, G_l) || N(0, K(G_(l-1))))}, with {@code p(Y | G) = prod_c N(y_c; 0, K(G) + noise I)}. As {@code nu} grows,
 * {@code G_l = K(G_(l-1))}: the NNGP.
 *
 * <p>The optimum is found by L-BFGS over lower triangles {@code V_l}, {@code G_l = C V_l V_l^T C^T} with {@code C C^T = K(G_(l-1))}, from the NNGP; in these
 * coordinates {@code KL = (tr V V^T - log det V V^T - n) / 2}.
 *
 * @param kernel K
 * @param layers L, at least 1
 * @param nu relative width of the layers, above 0
 * @param noise variance at the outputs, at least 0
 * @see <a href="https://arxiv.org/abs/2108.13097">Yang, Robeyns, Milsom, Anson, Schoots, Aitchison (2023), A theory of representation learning gives a deep
 *     generalisation of kernel methods, eq. 11</a>
 */
public record DeepKernelMachine(GramKernel kernel, int layers, double nu, double noise) {
    private static final double JITTER = 1e-9;

    public DeepKernelMachine {
        if (layers < 1 || !(nu > 0) || !(noise >= 0)) throw new IllegalArgumentException("DeepKernelMachine: " + layers + " layers, nu " + nu + ", noise " + noise + "; expected at least 1, above 0, at least 0");
    }

    /**
     * Gram matrices of a machine.
     *
     * @param input {@code G_0} (n, n)
     * @param grams {@code G_1 .. G_L}
     * @param objective L, without terms that depend on nothing
     */
    public record Fit(DeepKernelMachine machine, Tensor input, Tensor y, List<Tensor> grams, double objective) {
        /**
         * The posterior of the outputs at m more points, noise aside.
         *
         * @param joint {@code G_0} of the n training points and then the m others (n + m, n + m)
         */
        public Gaussian predict(Tensor joint) {
            return Scope.run(() -> machine.predict(this, joint));
        }
    }

    /**
     * The Gram matrices for the data.
     *
     * @param input {@code G_0} of the inputs, such as {@code X X^T / d} (n, n), FLOAT64
     * @param y targets (n, c)
     * @param options of L-BFGS
     */
    public Fit fit(Tensor input, Tensor y, Lbfgs.Options options) {
        check(input, y);
        return Scope.run(() -> {
            Params start = Params.of("V1", Tensor.eye(y.dim(0), y.dtype()));
            for (int l = 2; l <= layers; l++) start = start.with("V" + l, Tensor.eye(y.dim(0), y.dtype()));
            Lbfgs.ParamsResult best = Lbfgs.minimize((Params v) -> objective(v.tensors(), input, y).neg(), start, options);
            return new Fit(this, input, y, grams(triangles(best.params().tensors()), input, 1), -best.value());
        });
    }

    private static void check(Tensor input, Tensor y) {
        if (input.rank() != 2 || input.dim(0) != input.dim(1) || y.rank() != 2 || y.dim(0) != input.dim(0)) throw new IllegalArgumentException("DeepKernelMachine: G_0 is " + input.shape() + ", y " + y.shape() + "; expected (n, n) and (n, c)");
    }

    /** With every Gram matrix that of the kernel, as in an NNGP. */
    public Fit nngp(Tensor input, Tensor y) {
        check(input, y);
        return Scope.run(() -> {
            List<Tensor> grams = new ArrayList<>();
            Tensor g = input;
            for (int l = 0; l < layers; l++) grams.add(g = kernel.of(g));
            return new Fit(this, input, y, grams, logLikelihood(g, y).item());
        });
    }

    private static List<Tensor> triangles(List<Tensor> v) {
        return v.stream().map(t -> t.tril(0)).toList();
    }

    private Tensor objective(List<Tensor> v, Tensor input, Tensor y) {
        List<Tensor> triangles = triangles(v);
        Tensor sum = logLikelihood(grams(triangles, input, 1).getLast(), y);
        for (Tensor t : triangles) {
            Tensor kl = t.square().sum().sub(t.diagonal(0).square().log().sum()).sub(y.dim(0)).mul(0.5);
            sum = sum.sub(kl.mul(nu));
        }
        return sum;
    }

    /** {@code G_l = C V_l V_l^T C^T / columns}, {@code C C^T = K(G_(l-1))}. */
    List<Tensor> grams(List<Tensor> v, Tensor input, int columns) {
        List<Tensor> grams = new ArrayList<>();
        Tensor g = input;
        for (Tensor t : v) {
            Tensor f = root(kernel.of(g), 0).matmul(t);
            g = f.matmul(f.t()).mul(1.0 / columns);
            grams.add(g);
        }
        return grams;
    }

    private static Tensor root(Tensor k, double added) {
        return Linalg.cholesky(k.add(Tensor.eye(k.dim(0), k.dtype()).mul(added + JITTER * k.detach().diagonal(0).mean().item())));
    }

    /** {@code sum_c log N(y_c; 0, K(G) + noise I)}. */
    Tensor logLikelihood(Tensor gram, Tensor y) {
        Tensor c = root(kernel.of(gram), noise);
        Tensor w = Linalg.solveTriangular(c, y, false);
        Tensor half = c.diagonal(0).log().sum().add(0.5 * y.dim(0) * Math.log(2 * Math.PI));
        return w.square().sum().mul(-0.5).sub(half.mul(y.dim(1)));
    }

    private Gaussian predict(Fit fit, Tensor joint) {
        int n = fit.y().dim(0);
        int all = joint.dim(0);
        Tensor g = joint;
        for (Tensor of : fit.grams()) g = extended(kernel.of(g), of);
        Tensor k = kernel.of(g);
        Tensor cross = k.narrow(0, n, all).narrow(1, 0, n);
        return GpRegression.of(k.narrow(0, 0, n).narrow(1, 0, n), fit.y(), noise).predict(cross, k.narrow(0, n, all).narrow(1, n, all));
    }

    /** The Gram matrix of all points, given that of the first n: {@code G_t. = A G_i.}, {@code G_tt = K_tt - A K_it + A G_ii A^T} with {@code A = K_ti K_ii^-1}. */
    private static Tensor extended(Tensor k, Tensor gram) {
        int n = gram.dim(0);
        int all = k.dim(0);
        Tensor cross = k.narrow(0, n, all).narrow(1, 0, n);
        Tensor c = root(k.narrow(0, 0, n).narrow(1, 0, n), 0);
        Tensor a = Linalg.solveTriangular(c.t(), Linalg.solveTriangular(c, cross.t(), false), true).t();
        Tensor side = a.matmul(gram);
        Tensor corner = k.narrow(0, n, all).narrow(1, n, all).sub(a.matmul(cross.t())).add(side.matmul(a.t()));
        return Tensor.concat(List.of(Tensor.concat(List.of(gram, side.t()), 1), Tensor.concat(List.of(side, corner.add(corner.t()).mul(0.5)), 1)), 0);
    }
}
