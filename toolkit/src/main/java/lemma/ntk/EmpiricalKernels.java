package lemma.ntk;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import lemma.autodiff.Autodiff;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.ntk.EmpiricalKernel.Cost;
import lemma.ntk.TangentFeatures.Structure;
import lemma.ntk.TangentFeatures.Term;
import lemma.tensor.DType;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * NNGP and NTK of any model at its parameters, {@code Theta(x, x') = sum_p df(x)/dp df(x')/dp} over all float parameters, by the cheapest of
 * three methods that fits into 2 GiB unless one is asked for. The model is applied in evaluation; examples must not depend on each other there.
 *
 * <p>{@link #kernel} takes the mean over the K outputs, {@code sum_k Theta_kk / K}, which is what the kernel of infinite width is the limit
 * of; {@link #full} gives all pairs of outputs.
 */
public final class EmpiricalKernels {
    private static final long JACOBIAN_NUMBERS = 1 << 26;
    private static final int TILE_NUMBERS = 1 << 19;
    private static final long MOST_BYTES = 1L << 31;

    private final Model model;
    private final NtkMethod method;

    private EmpiricalKernels(Model model, NtkMethod method) {
        this.model = model;
        this.method = method;
    }

    public static EmpiricalKernels of(Model model) {
        return new EmpiricalKernels(model, null);
    }

    /** By this method, whatever it costs. */
    public EmpiricalKernels withMethod(NtkMethod method) {
        return new EmpiricalKernels(model, method);
    }

    /** Between all examples of x (n, ...), mean over outputs: (n, n). */
    public EmpiricalKernel kernel(Tensor x) {
        return compute(x, x, false);
    }

    /** Between the examples of x1 and those of x2, mean over outputs: (n1, n2). */
    public EmpiricalKernel kernel(Tensor x1, Tensor x2) {
        return compute(x1, x2, false);
    }

    /** Between all examples of x and all outputs: (n, n, K, K). */
    public EmpiricalKernel full(Tensor x) {
        return compute(x, x, true);
    }

    /** Between the examples of x1 and those of x2 and all outputs: (n1, n2, K, K). */
    public EmpiricalKernel full(Tensor x1, Tensor x2) {
        return compute(x1, x2, true);
    }

    private EmpiricalKernel compute(Tensor x1, Tensor x2, boolean full) {
        check(x1);
        check(x2);
        return Scope.run(() -> {
            boolean same = x1 == x2;
            int outputs = TangentFeatures.outputs(model, x1.narrow(0, 0, 1)).dim(1);
            Structure structure = TangentFeatures.structure(model, x1);
            Map<NtkMethod, Cost> costs = costs(structure, x1.dim(0), same ? 0 : x2.dim(0), outputs, full);
            NtkMethod by = method != null ? method : cheapest(costs);
            NetworkKernel k = switch (by) {
                case JACOBIAN_CONTRACTION -> contraction(x1, x2, outputs, full);
                case NTK_VECTOR_PRODUCTS -> vectorProducts(x1, x2, outputs, full);
                case STRUCTURED_DERIVATIVES -> {
                    TangentFeatures a = TangentFeatures.structured(model, x1, structure);
                    yield products(a, same ? a : TangentFeatures.structured(model, x2, structure), full);
                }
            };
            return new EmpiricalKernel(k, by, costs);
        });
    }

    private static void check(Tensor x) {
        if (x.rank() < 1 || x.dim(0) < 1 || !x.dtype().hasGradient()) throw new IllegalArgumentException("EmpiricalKernels: x is " + x.dtype() + " " + x.shape() + ", expected floats (n, ...) with at least one example");
    }

    // ---- costs ----

    /** The method of least operations among those that fit into 2 GiB; Jacobians in blocks always do. */
    static NtkMethod cheapest(Map<NtkMethod, Cost> costs) {
        return costs.entrySet().stream().filter(e -> e.getValue().bytes() <= MOST_BYTES)
                .min(Comparator.comparingDouble(e -> e.getValue().operations())).orElseThrow().getKey();
    }

    /** A backward pass counts as two forward passes, a forward derivative as four; n2 is 0 for a kernel of one set. */
    private Map<NtkMethod, Cost> costs(Structure s, int n1, int n2, int outputs, boolean full) {
        int width = floatType() ? 4 : 8;
        double examples = n1 + n2;
        double pairs = n2 == 0 ? 0.5 * n1 * (n1 + 1.0) : (double) n1 * n2;
        double pairings = pairs * outputs * (full ? outputs : 1);
        double parameters = TangentFeatures.floats(model).count();
        double others = s.others().count();
        double gram = s.dense().isEmpty() ? 0 : pairs * 2 * (parameters - others) / Math.max(1, s.signals());
        double blocks = Math.max(1, examples / block(outputs));
        Map<NtkMethod, Cost> costs = new EnumMap<>(NtkMethod.class);
        costs.put(NtkMethod.JACOBIAN_CONTRACTION, new Cost(examples * blocks * outputs * 3 * s.operations() + 2 * pairings * parameters, 2 * width * Math.min(examples * outputs * parameters, JACOBIAN_NUMBERS)));
        costs.put(NtkMethod.NTK_VECTOR_PRODUCTS, new Cost((n2 == 0 ? n1 : n2) * (double) outputs * (3 + 6 * n1) * s.operations(), 4 * width * n1 * s.operations() / 2));
        costs.put(NtkMethod.STRUCTURED_DERIVATIVES, new Cost(examples * outputs * (others > 0 ? 5 : 2) * s.operations() + 2 * pairings * (s.signals() + others) + gram, width * examples * outputs * (s.signals() + others)));
        return costs;
    }

    private boolean floatType() {
        return model.params().tensors().stream().noneMatch(t -> t.dtype() == DType.FLOAT64);
    }

    /** Examples whose Jacobians are held at a time. */
    private int block(int outputs) {
        return (int) Math.max(1, JACOBIAN_NUMBERS / 2 / Math.max(1, TangentFeatures.floats(model).count() * outputs));
    }

    // ---- by features ----

    private static NetworkKernel products(TangentFeatures a, TangentFeatures b, boolean full) {
        int outputs = a.f().dim(1);
        int side = Math.max(1, (int) Math.sqrt(TILE_NUMBERS) / (full ? outputs : 1));
        Blocks.Block tile = (i, j) -> tile(a.of(i, side), b.of(j, side), full);
        if (a == b) return Blocks.symmetric(a.f().dim(0), side, tile, k -> Inputs.mirrored(k, 1));
        return Blocks.of(a.f().dim(0), b.f().dim(0), side, tile);
    }

    private static NetworkKernel tile(TangentFeatures a, TangentFeatures b, boolean full) {
        int n1 = a.f().dim(0);
        int n2 = b.f().dim(0);
        int outputs = a.f().dim(1);
        Tensor sum = null;
        for (int t = 0; t < a.terms().size(); t++) {
            Term p = a.terms().get(t);
            Term q = b.terms().get(t);
            Tensor gram = full
                    ? p.signals().reshape(n1 * outputs, -1).matmul(q.signals().reshape(n2 * outputs, -1).t()).reshape(n1, outputs, n2, outputs)
                    : p.signals().reshape(n1, -1).matmul(q.signals().reshape(n2, -1).t());
            Tensor part = p.inputs() == null ? gram : gram.mul(coefficient(p, q, full));
            sum = sum == null ? part : sum.add(part);
        }
        Tensor f = full ? a.f().reshape(n1, 1, outputs, 1).mul(b.f().reshape(1, n2, 1, outputs)) : a.f().matmul(b.f().t()).div(outputs);
        if (sum == null) return new NetworkKernel(f, f.zerosLike());
        return new NetworkKernel(f, full ? sum.permute(0, 2, 1, 3).contiguous() : sum.div(outputs));
    }

    private static Tensor coefficient(Term p, Term q, boolean full) {
        Tensor c = p.inputs().matmul(q.inputs().t()).mul(p.weight()).add(p.constant());
        return full ? c.reshape(c.dim(0), 1, c.dim(1), 1) : c;
    }

    private NetworkKernel contraction(Tensor x1, Tensor x2, int outputs, boolean full) {
        int side = block(outputs);
        List<NetworkKernel> rows = new ArrayList<>();
        for (int i = 0; i < x1.dim(0); i += side) {
            int from = i;
            rows.add(Scope.run(() -> {
                TangentFeatures a = TangentFeatures.byJacobian(model, TangentFeatures.part(x1, from, side));
                List<NetworkKernel> row = new ArrayList<>();
                for (int j = 0; j < x2.dim(0); j += side) {
                    int to = j;
                    row.add(Scope.run(() -> products(a, x1 == x2 && to == from ? a : TangentFeatures.byJacobian(model, TangentFeatures.part(x2, to, side)), full)));
                }
                return Blocks.concat(row, 1);
            }));
        }
        return Blocks.concat(rows, 0);
    }

    // ---- by products ----

    private NetworkKernel vectorProducts(Tensor x1, Tensor x2, int outputs, boolean full) {
        Params at = TangentFeatures.floats(model);
        List<Tensor> columns = new ArrayList<>();
        for (int m = 0; m < x2.dim(0); m++) {
            Tensor one = x2.narrow(0, m, m + 1);
            for (int l = 0; l < outputs; l++) {
                int output = l;
                columns.add(Scope.run(() -> {
                    Tensor unit = Tensor.eye(outputs, x2.dtype()).to(x2.backend()).narrow(0, output, output + 1);
                    Params g = Autodiff.vjp((Params p) -> outputs(p, one), at, unit).cotangent();
                    Tensor column = Autodiff.jvp((Params p) -> outputs(p, x1), at, g).tangent();
                    return full ? column : column.narrow(1, output, output + 1).contiguous();
                }));
            }
        }
        TangentFeatures a = new TangentFeatures(TangentFeatures.outputs(model, x1), List.of());
        TangentFeatures b = x1 == x2 ? a : new TangentFeatures(TangentFeatures.outputs(model, x2), List.of());
        Tensor nngp = products(a, b, full).nngp();
        int n1 = x1.dim(0);
        int n2 = x2.dim(0);
        if (full) return new NetworkKernel(nngp, Tensor.stack(columns, 0).reshape(n2, outputs, n1, outputs).permute(2, 0, 3, 1).contiguous());
        return new NetworkKernel(nngp, Tensor.concat(columns, 1).reshape(n1, n2, outputs).mean(2));
    }

    private Tensor outputs(Params p, Tensor x) {
        return TangentFeatures.with(model, p).apply(x).reshape(x.dim(0), -1);
    }
}
