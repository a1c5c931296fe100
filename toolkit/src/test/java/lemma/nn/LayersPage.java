package lemma.nn;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * The page {@code toolkit/layers.md}: every public module of {@code lemma.nn}, PyTorch's name beside it, what it is checked against, and how far it is from that.
 *
 * <p>Written by {@code mvn -pl toolkit test -Dtest=LayersPageTest -Dlemma.write=true}.
 */
final class LayersPage {
    static final Path FILE = Path.of("layers.md");
    private static final Path SOURCES = Path.of("src/main/java/lemma/nn");
    private static final Path TESTS = Path.of("src/test/java");

    private static final String INPUT = "the input";
    /** Small, so that no relu changes its side. */
    private static final double STEP = 1e-6;

    private final Map<String, List<Case>> cases = new TreeMap<>();

    /** A module beside its fixture: largest errors, over the largest magnitude where that is above one. */
    private record Case(FixtureFile file, Supplier<Pass> pass, String name, Module module, LayersBesidePyTorch.Forward forward) {
        double value(DType type) {
            return error(apply(params(type), input(type), type), file.get(name + "/y"));
        }

        double gradient(DType type) {
            Tensor x = input(type);
            Tensor u = file.get(name + "/u").to(type);
            Params params = params(type);
            double worst = x.dtype().isFloat() ? error(Autodiff.vjp(z -> apply(params, z, type), x, u).cotangent(), file.get(name + "/dx")) : 0;
            if (params.names().isEmpty()) return worst;
            Params grads = Autodiff.vjp((Params p) -> apply(p, x, type), params, u).cotangent();
            for (String p : grads.names()) worst = Math.max(worst, error(grads.get(p), file.get(name + "/grads/" + p)));
            return worst;
        }

        boolean hasRecordedSecondDerivatives() {
            return file.all().has(name + "/ddx") || !file.under(name + "/second").names().isEmpty();
        }

        /** The product of the Hessian of sum(y u) in input and parameters with a vector, beside the difference of gradients along it. */
        double second() {
            Tensor x = input(DType.FLOAT64);
            Tensor u = file.get(name + "/u");
            Params point = x.dtype().isFloat() ? params(DType.FLOAT64).with(INPUT, x) : params(DType.FLOAT64);
            Function<Params, Tensor> f = p -> apply(p, p.has(INPUT) ? p.get(INPUT) : x, DType.FLOAT64).mul(u).sum();
            Random random = Random.seed(3);
            Params v = point.map(t -> random.normal(t.shape(), DType.FLOAT64));
            Params exact = Autodiff.hvp(f, point, v);
            Params near = slope(f, point, v, STEP);
            Params far = slope(f, point, v, 2 * STEP);
            double worst = 0;
            for (String p : point.names()) worst = Math.max(worst, error(exact.get(p), near.get(p).mul(4).sub(far.get(p)).div(3)));
            return worst;
        }

        private static Params slope(Function<Params, Tensor> f, Params point, Params v, double h) {
            Params above = Autodiff.grad(f, point.zip(v, (p, d) -> p.add(d.mul(h))));
            return above.zip(Autodiff.grad(f, point.zip(v, (p, d) -> p.sub(d.mul(h)))), (a, b) -> a.sub(b).div(2 * h));
        }

        private Params params(DType type) {
            return file.under(name + "/params").map(t -> t.to(type));
        }

        private Tensor input(DType type) {
            Tensor x = file.get(name + "/x");
            return x.dtype().isFloat() ? x.to(type) : x;
        }

        private Tensor apply(Params params, Tensor x, DType type) {
            return forward.apply(x, file.model(name, module, params, type).bind(pass.get()));
        }

        private static double error(Tensor ours, Tensor theirs) {
            if (!ours.shape().equals(theirs.shape())) throw new IllegalStateException("shape " + ours.shape() + ", expected " + theirs.shape());
            if (ours.size() == 0) return 0;
            return ours.to(DType.FLOAT64).sub(theirs.to(DType.FLOAT64)).abs().max().item() / Math.max(1, theirs.abs().max().item());
        }
    }

    LayersPage() {
        for (LayerList.Suite suite : LayerList.suites()) {
            suite.cases().map(a -> a.get()).forEach(a -> {
                Module module = inDoublePrecision((Module) a[1]);
                LayersBesidePyTorch.Forward forward = a.length > 2 ? (LayersBesidePyTorch.Forward) a[2] : module::forward;
                cases.computeIfAbsent(module.getClass().getSimpleName(), k -> new ArrayList<>()).add(new Case(suite.file(), suite.pass(), (String) a[0], module, forward));
            });
        }
    }

    /** With the eps that PyTorch had in float64, where it is that of the type. */
    private static Module inDoublePrecision(Module module) {
        return module instanceof RMSNorm r && r.eps() < 0 ? r.withEps(Math.ulp(1.0)) : module;
    }

    /** The public classes of {@code lemma.nn} that are modules, by name. */
    static List<String> modules() throws IOException {
        try (var files = Files.list(SOURCES)) {
            return files.map(f -> f.getFileName().toString().replace(".java", "")).filter(LayersPage::isModule).sorted(String.CASE_INSENSITIVE_ORDER).toList();
        }
    }

    private static boolean isModule(String name) {
        if (name.equals("package-info")) return false;
        try {
            Class<?> c = Class.forName("lemma.nn." + name);
            return Modifier.isPublic(c.getModifiers()) && !c.isInterface() && Module.class.isAssignableFrom(c);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the page has digits of the module. */
    boolean hasDigits(String module) {
        return cases.containsKey(module);
    }

    /** The largest error of a second derivative, of each case that has none recorded. */
    Map<String, Double> errorsOfSecondDerivatives() {
        return cases.values().stream().flatMap(List::stream).filter(c -> !c.hasRecordedSecondDerivatives()).collect(Collectors.toMap(Case::name, Case::second, Math::max, TreeMap::new));
    }

    /** The largest error of a value or a gradient over all cases, in that type. */
    double worst(DType type) {
        return cases.values().stream().flatMap(List::stream).mapToDouble(c -> Math.max(c.value(type), c.gradient(type))).max().orElseThrow();
    }

    /** What the module is checked against. */
    private String oracle(String module) {
        String fixtures = "PyTorch fixtures (" + cases.get(module).size() + ")";
        return LayerList.ORACLES.containsKey(module) ? fixtures + "; " + LayerList.ORACLES.get(module) : fixtures;
    }

    /** The source of the test of that name. */
    static Path test(String name) throws IOException {
        try (var files = Files.walk(TESTS)) {
            return files.filter(f -> f.getFileName().toString().equals(name + ".java")).findFirst().orElseThrow(() -> new IllegalArgumentException("no test " + name));
        }
    }

    static String pytorch(String module) {
        if (LayerList.SAME.contains(module)) return "nn." + module;
        return LayerList.PYTORCH.getOrDefault(module, "");
    }

    String text() throws IOException {
        StringBuilder page = new StringBuilder("""
                # Layers, PyTorch's names and oracles

                Every public module of `lemma.nn`, what PyTorch calls it (empty: it has none), what it is checked against, and the largest difference seen: the largest
                absolute difference over a case, divided by the largest magnitude in it where that is above one. Gradients are those of a weighted sum of the result, by
                the input and by every parameter. Fixtures are recorded results of PyTorch in float64, in brackets how many, of PyTorch's own layer where there is one and of the
                published formula written with its operations elsewhere; the tests demand 1e-9 in float64 and 1e-5 in float32. Second
                derivatives are compared with recorded ones, or with differences of gradients. Generated by `LayersPageTest`.

                | layer | PyTorch | oracle | float64 | gradient | float32 | gradient |
                |---|---|---|---:|---:|---:|---:|
                """);
        for (String module : modules()) if (!module.equals("Activation")) page.append(line(module)).append('\n');
        page.append("""

                ## Activations

                Element-wise functions as modules, `Activation.RELU` and so on. Each is an operation of the [list of operations](operations.md), which gives its oracle and digits.

                | Activation | PyTorch | operation |
                |---|---|---|
                """);
        for (Activation f : Activation.values()) {
            String operation = f == Activation.IDENTITY ? "" : operation(f);
            page.append("| `%s` | %s | %s |".formatted(f.name(), code(LayerList.ACTIVATIONS.get(f.name())), code(operation))).append('\n');
        }
        return page.toString();
    }

    /** GELU_TANH is geluTanh. */
    static String operation(Activation f) {
        String[] words = f.name().toLowerCase(Locale.ROOT).split("_");
        StringBuilder name = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) name.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
        return name.toString();
    }

    private String line(String module) {
        return "| `%s` | %s | %s | %s | %s | %s | %s |".formatted(module, code(pytorch(module)), oracle(module),
                worst(module, c -> c.value(DType.FLOAT64)), worst(module, c -> c.gradient(DType.FLOAT64)), worst(module, c -> c.value(DType.FLOAT32)), worst(module, c -> c.gradient(DType.FLOAT32)));
    }

    private static String code(String name) {
        return name.isEmpty() ? "" : "`" + name + "`";
    }

    private String worst(String module, ToDoubleFunction<Case> error) {
        double e = cases.get(module).stream().mapToDouble(error).max().orElseThrow();
        return e == 0 ? "0" : String.format(Locale.ROOT, "%.0e", e);
    }

    /** The page without its measured numbers, which differ a little from machine to machine. */
    static String withoutNumbers(String page) {
        return page.replaceAll("\\| (\\d(e[+-]\\d+)?)? (?=\\|)", "| ").replaceAll("\\|[ ]*(?=\\|)", "| ");
    }
}
