package lemma.bench;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * One primitive on 1024 x 1024 elements, its result given back to the pool:
 * {@code mvn -Pjmh -pl toolkit test-compile exec:exec}, with {@code -Djmh.args="-p op=gelu,topk -p type=FLOAT32"} for some of them.
 */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PrimitivesBenchmark {
    private static final Map<String, UnaryOperator<Tensor>> OPS = Map.ofEntries(
            Map.entry("add", x -> x.add(x)),
            Map.entry("addRow", x -> x.add(x.get(0))),
            Map.entry("exp", Tensor::exp),
            Map.entry("tanh", Tensor::tanh),
            Map.entry("sigmoid", Tensor::sigmoid),
            Map.entry("gelu", Tensor::gelu),
            Map.entry("erf", Tensor::erf),
            Map.entry("compare", x -> x.gt(0)),
            Map.entry("where", x -> Tensor.where(x.gt(0), x, x)),
            Map.entry("transpose", x -> x.t().contiguous()),
            Map.entry("sum", x -> x.sum()),
            Map.entry("sumRows", x -> x.sum(1)),
            Map.entry("sumColumns", x -> x.sum(0)),
            Map.entry("maxRows", x -> x.max(1)),
            Map.entry("softmax", x -> x.softmax(-1)),
            Map.entry("layerNorm", x -> Functional.layerNorm(x, null, null, 1e-5)),
            Map.entry("cumsum", x -> x.cumsum(1)),
            Map.entry("sort", x -> x.sort(-1, false)),
            Map.entry("topk", x -> x.topk(10, -1).values()),
            Map.entry("normal", x -> Random.seed(2).normal(x.shape(), x.dtype())));

    @Param({"add", "addRow", "exp", "tanh", "sigmoid", "gelu", "erf", "compare", "where", "transpose", "sum", "sumRows", "sumColumns", "maxRows", "softmax",
        "layerNorm", "cumsum", "sort", "topk", "normal"})
    String op;

    @Param({"FLOAT32", "FLOAT64"})
    DType type;

    private Tensor x;
    private UnaryOperator<Tensor> f;

    @Setup(Level.Trial)
    public void prepare() {
        x = Random.seed(1).normal(Shape.of(1024, 1024), type);
        f = OPS.get(op);
    }

    @Benchmark
    public void run(Blackhole hole) {
        Scope.run((Runnable) () -> hole.consume(f.apply(x)));
    }
}
