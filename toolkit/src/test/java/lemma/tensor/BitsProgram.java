package lemma.tensor;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Prints a hash of the bits that each kernel of ours gives, after running it as often as its argument says. */
final class BitsProgram {
    private static final CpuBackend CPU = CpuBackend.INSTANCE;

    private BitsProgram() {}

    public static void main(String[] args) {
        int runs = Integer.parseInt(args[0]);
        cases(1003).forEach((name, work) -> {
            for (int i = 1; i < runs; i++) Scope.run((Runnable) work::get);
            System.out.println(name + " " + hash(work.get()));
        });
    }

    /** A hash of the bits of the elements. */
    static int hash(Tensor y) {
        return Arrays.hashCode(y.toDoubles());
    }

    /** Kernels on about {@code n} elements by name. */
    static Map<String, Supplier<Tensor>> cases(int n) {
        Map<String, Supplier<Tensor>> cases = new LinkedHashMap<>();
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            Tensor x = Random.seed(1).normal(Shape.of(n), type);
            Tensor g = Random.seed(2).normal(Shape.of(n), type);
            for (Unary op : Unary.values()) if (op != Unary.NOT) cases.put(type + " " + op, () -> CPU.unary(op, x));
            for (Binary op : Binary.values()) if (op.compareTo(Binary.AND) < 0) cases.put(type + " " + op, () -> CPU.binary(op, g, x, x.shape()));
            rows(cases, type, n);
            cases.put(type + " normal", () -> CPU.normal(3, 5, Shape.of(n), type));
            cases.put(type + " uniform", () -> CPU.uniform(3, 5, Shape.of(n), type));
        }
        return cases;
    }

    private static void rows(Map<String, Supplier<Tensor>> cases, DType type, int n) {
        int d = 59;
        Tensor x = Random.seed(4).normal(Shape.of(n / d, d), type);
        Tensor g = Random.seed(5).normal(Shape.of(n / d, d), type);
        Tensor w = Random.seed(6).normal(Shape.of(d), type);
        Tensor labels = Random.seed(7).integers(0, d, n / d);
        Tensor[] norm = CPU.layerNorm(x, w, w, 1e-5);
        Tensor[] loss = CPU.crossEntropy(x, labels);
        for (Reduction op : new Reduction[] {Reduction.SUM, Reduction.MEAN, Reduction.PROD, Reduction.MAX, Reduction.MIN}) {
            cases.put(type + " " + op + " of rows", () -> CPU.reduce(op, x, new int[] {1}));
            cases.put(type + " " + op + " of columns", () -> CPU.reduce(op, x, new int[] {0}));
            cases.put(type + " " + op, () -> CPU.reduce(op, x, new int[] {0, 1}));
        }
        cases.put(type + " cumsum", () -> CPU.cumsum(x, 0));
        cases.put(type + " argsort", () -> CPU.argsort(x, 1, false));
        cases.put(type + " topk", () -> CPU.topk(x, 1, 5, true));
        cases.put(type + " softmax", () -> CPU.softmax(x));
        cases.put(type + " logSoftmax", () -> CPU.logSoftmax(x));
        cases.put(type + " softmaxBackward", () -> CPU.softmaxBackward(g, x));
        cases.put(type + " logSoftmaxBackward", () -> CPU.logSoftmaxBackward(g, x));
        cases.put(type + " crossEntropy", () -> CPU.crossEntropy(x, labels)[0]);
        cases.put(type + " crossEntropyBackward", () -> CPU.crossEntropyBackward(loss[0], x, labels, loss[1]));
        cases.put(type + " layerNorm", () -> CPU.layerNorm(x, w, w, 1e-5)[0]);
        cases.put(type + " layerNormBackward", () -> CPU.layerNormBackward(g, x, norm[1], norm[2], w)[0]);
        cases.put(type + " weight of layerNormBackward", () -> CPU.layerNormBackward(g, x, norm[1], norm[2], w)[1]);
    }
}
