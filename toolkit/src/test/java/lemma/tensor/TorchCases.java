package lemma.tensor;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** Cases recorded from PyTorch: inputs and results, and the same function written with {@link Tensor}; a suite for each theme. */
final class TorchCases {
    private TorchCases() {}

    @FunctionalInterface
    interface Op {
        Tensor apply(Tensor... x);
    }

    /** An array as the file has it. */
    record Recorded(int[] shape, String dtype, String data) {
        /** The elements with floats in {@code floats}. */
        Tensor tensor(DType floats) {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(data)).order(ByteOrder.LITTLE_ENDIAN);
            Tensor flat = switch (dtype) {
                case "float64" -> {
                    double[] x = new double[bytes.remaining() / 8];
                    bytes.asDoubleBuffer().get(x);
                    yield Tensor.of(x).to(floats);
                }
                case "int64" -> {
                    long[] x = new long[bytes.remaining() / 8];
                    bytes.asLongBuffer().get(x);
                    yield Tensor.of(x);
                }
                case "bool" -> Tensor.of(bytes.array()).ne(0);
                default -> throw new IllegalStateException(dtype);
            };
            return flat.reshape(shape);
        }

        boolean isFloat() {
            return dtype.equals("float64");
        }
    }

    /** One case: grads and second hold an entry for each float input, or are null. */
    record Case(String name, boolean smooth, List<Recorded> inputs, Recorded output, List<Recorded> grads, List<Recorded> second) {
        Op op() {
            return SUITES.stream().map(s -> s.ops.get(name)).filter(Objects::nonNull).findFirst().orElseThrow(() -> new IllegalStateException("no suite has a function for the case " + name));
        }

        Tensor[] tensors(DType floats, Backend backend) {
            return inputs.stream().map(i -> i.tensor(floats).to(backend)).toArray(Tensor[]::new);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private record File(String torch, String python, List<Case> cases) {}

    /** The functions of one fixture file, under the names of its cases. */
    abstract static class Suite {
        private final String file;
        private final Map<String, Op> ops = new LinkedHashMap<>();

        Suite(String file) {
            this.file = file;
        }

        final void one(String name, UnaryOperator<Tensor> f) {
            many(name, x -> f.apply(x[0]));
        }

        final void two(String name, BinaryOperator<Tensor> f) {
            many(name, x -> f.apply(x[0], x[1]));
        }

        final void many(String name, Op f) {
            if (ops.put(name, f) != null) throw new IllegalStateException(name + " is there twice");
        }

        final Op op(String name) {
            return ops.get(name);
        }

        final Set<String> names() {
            return ops.keySet();
        }

        final List<Case> cases() {
            try (var in = new InputStreamReader(TorchCases.class.getResourceAsStream(file), StandardCharsets.UTF_8)) {
                return new Gson().fromJson(in, File.class).cases();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String toString() {
            return file;
        }
    }

    static final List<Suite> SUITES = List.of(
            new CoreCases(),
            new RecurrenceCases(),
            new OpsCases(),
            new FunctionalCases(),
            new SpecialCases(),
            new LinalgCases(),
            new ComplexCases(),
            new FftCases(),
            new ScanCases(),
            new ImageCases(),
            new SelectionCases(),
            new AttentionCases());

    static List<Case> all() {
        return SUITES.stream().flatMap(s -> s.cases().stream()).toList();
    }

    /** {@code ((a i) mod m - b) / 4} over flat indices i. */
    static Tensor weights(Tensor like, int a, int m, int b) {
        double[] w = new double[(int) like.size()];
        Arrays.setAll(w, i -> ((a * i) % m - b) / 4.0);
        return Tensor.of(w).reshape(like.shape()).to(like.dtype()).to(like.backend());
    }
}
