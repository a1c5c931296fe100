package lemma.ntk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lemma.autodiff.Autodiff;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.tensor.Batching;
import lemma.tensor.Node;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;
import lemma.tensor.Tracing;

/**
 * The derivative of a network's outputs by its parameters, in the form that products between examples need.
 *
 * @param f the outputs (n, K)
 * @param terms a sum over these is the NTK
 */
record TangentFeatures(Tensor f, List<Term> terms) {
    /**
     * {@code (weight a_n . a'_m + constant)(d_nk . d'_ml)}: of a dense layer with its inputs a (n, in) and the signals d (n, K, out), or of
     * other parameters with a null and d their Jacobian.
     */
    record Term(Tensor signals, Tensor inputs, double weight, double constant) {
        Term of(int from, int count) {
            return new Term(part(signals, from, count), inputs == null ? null : part(inputs, from, count), weight, constant);
        }
    }

    static Tensor part(Tensor x, int from, int count) {
        return x.narrow(0, from, Math.min(x.dim(0), from + count));
    }

    TangentFeatures of(int from, int count) {
        return new TangentFeatures(part(f, from, count), terms.stream().map(t -> t.of(from, count)).toList());
    }

    /** With one Jacobian of all parameters. */
    static TangentFeatures byJacobian(Model model, Tensor x) {
        return Scope.run(() -> {
            Tensor f = outputs(model, x);
            return new TangentFeatures(f, List.of(new Term(jacobian(model, floats(model), x, f.dim(1)), null, 0, 1)));
        });
    }

    /** With Gram products of the dense layers and Jacobians of all other parameters. */
    static TangentFeatures structured(Model model, Tensor x, Structure structure) {
        return Scope.run(() -> {
            Tensor f = outputs(model, x);
            List<Term> terms = new ArrayList<>(structure.dense().isEmpty() ? List.of() : denseTerms(model, x, structure));
            if (!structure.others().names().isEmpty()) terms.add(new Term(jacobian(model, structure.others(), x, f.dim(1)), null, 0, 1));
            return new TangentFeatures(f, terms);
        });
    }

    static Tensor outputs(Model model, Tensor x) {
        return Scope.run(() -> model.apply(x).reshape(x.dim(0), -1));
    }

    /** The parameters that have gradients. */
    static Params floats(Model model) {
        Map<String, Tensor> floats = new LinkedHashMap<>(model.params().asMap());
        floats.values().removeIf(t -> !t.dtype().hasGradient());
        return Params.of(floats);
    }

    /** The model with some of its parameters replaced. */
    static Model with(Model model, Params some) {
        Map<String, Tensor> all = new LinkedHashMap<>(model.params().asMap());
        all.putAll(some.asMap());
        return model.with(Params.of(all));
    }

    /** (n, K, number of elements of {@code of}). */
    static Tensor jacobian(Model model, Params of, Tensor x, int outputs) {
        List<Tensor> rows = new ArrayList<>();
        for (int k = 0; k < outputs; k++) {
            int at = k;
            rows.add(Scope.run(() -> {
                Params g = Autodiff.perExampleGrads((Params p, Tensor one) -> with(model, p).apply(one).reshape(-1).narrow(0, at, at + 1).sum(), of, x);
                return Tensor.concat(g.tensors().stream().map(t -> t.reshape(x.dim(0), -1)).toList(), 1);
            }));
        }
        return Tensor.stack(rows, 1);
    }

    // ---- dense layers ----

    /**
     * How a network uses its parameters.
     *
     * @param dense layers {@code y = (s W) x + t b} over the first axis of the batch, each W and b used here alone
     * @param others all other parameters
     * @param steps operations on the way from the input to the output, in order
     * @param operations of a forward pass of one example
     * @param signals numbers that come back to the dense layers for one output
     */
    record Structure(List<Dense> dense, Params others, List<String> steps, double operations, double signals) {}

    /** The {@code step}-th operation with the squares of s and t, 0 where there is no such parameter of the network. */
    private record Dense(int step, double weight, double constant) {}

    private record Use(Node by, int input, double factor) {}

    /** Reads the structure from one example. */
    static Structure structure(Model model, Tensor x) {
        Params floats = floats(model);
        return Tracing.run(() -> {
            Tensor v = x.narrow(0, 0, 1).variable();
            Params p = floats.map(Tensor::variable);
            List<Node> all = reachable(with(model, p).apply(v));
            List<Node> steps = dependent(all, v.node());
            Map<Node, List<Use>> uses = uses(all);
            Map<Node, double[]> dense = new LinkedHashMap<>();
            Params others = floats;
            for (String name : floats.names()) {
                Use use = onlyUse(p.get(name).node(), steps, uses);
                if (use == null || !isDense(use)) continue;
                dense.computeIfAbsent(use.by(), n -> new double[2])[use.input() - 1] += use.factor() * use.factor();
                others = others.without(name);
            }
            List<Dense> layers = dense.entrySet().stream().map(e -> new Dense(steps.indexOf(e.getKey()), e.getValue()[0], e.getValue()[1])).toList();
            double operations = steps.stream().mapToDouble(TangentFeatures::operations).sum();
            double signals = dense.keySet().stream().mapToDouble(n -> n.result().size()).sum();
            return new Structure(layers, others, steps.stream().map(Node::op).toList(), operations, signals);
        });
    }

    private static boolean isDense(Use use) {
        Node n = use.by();
        if (!n.op().equals("linear") || use.input() == 0 || n.input(0) == null) return false;
        Tensor x = n.input(0).result();
        return x.rank() == 2 && x.dim(0) == 1;
    }

    /** How a parameter enters what depends on the input, through multiplications by numbers alone; null unless it is one way. */
    private static Use onlyUse(Node parameter, List<Node> steps, Map<Node, List<Use>> uses) {
        double factor = 1;
        Node at = parameter;
        while (true) {
            List<Use> next = uses.getOrDefault(at, List.of());
            if (next.size() != 1) return null;
            Use use = next.getFirst();
            if (steps.contains(use.by())) return new Use(use.by(), use.input(), factor);
            if (!use.by().op().equals("mul") || use.by().inputs() != 1) return null;
            Tensor slope = use.by().rule().apply(use.by().result().detach().onesLike(), use.by().result().detach())[0];
            factor *= slope.max().item();
            at = use.by();
        }
    }

    private static Map<Node, List<Use>> uses(List<Node> all) {
        Map<Node, List<Use>> uses = new IdentityHashMap<>();
        for (Node n : all) {
            for (int i = 0; i < n.inputs(); i++) if (n.input(i) != null) uses.computeIfAbsent(n.input(i), k -> new ArrayList<>()).add(new Use(n, i, 1));
        }
        return uses;
    }

    private static List<Node> reachable(Tensor y) {
        Map<Node, Boolean> seen = new IdentityHashMap<>();
        ArrayDeque<Node> stack = new ArrayDeque<>();
        if (y.node() != null) stack.push(y.node());
        while (!stack.isEmpty()) {
            Node n = stack.pop();
            if (seen.put(n, true) != null) continue;
            for (int i = 0; i < n.inputs(); i++) if (n.input(i) != null) stack.push(n.input(i));
        }
        return seen.keySet().stream().sorted(Comparator.comparingLong(Node::order)).toList();
    }

    /** Operations that depend on {@code x}, earlier ones first. */
    private static List<Node> dependent(List<Node> all, Node x) {
        Map<Node, Boolean> found = new IdentityHashMap<>();
        found.put(x, true);
        List<Node> steps = new ArrayList<>();
        for (Node n : all) {
            for (int i = 0; i < n.inputs(); i++) {
                if (!found.containsKey(n.input(i)) || found.put(n, true) != null) continue;
                steps.add(n);
            }
        }
        return steps;
    }

    private static double operations(Node n) {
        double weights = 1;
        for (int i = 1; i < n.inputs(); i++) if (n.input(i) != null) weights = Math.max(weights, n.input(i).result().size());
        return switch (n.op()) {
            case "linear" -> 2 * weights * n.result().dim(0);
            case "conv2d" -> 2 * weights * n.result().size() / n.result().dim(1);
            default -> n.result().size();
        };
    }

    /** Signals of all outputs at once, a pass back to each layer; the weights take no part, so no gradients of them are made. */
    private static List<Term> denseTerms(Model model, Tensor x, Structure structure) {
        return Tracing.run(() -> {
            Tensor v = x.variable();
            Tensor out = model.apply(v);
            List<Node> steps = dependent(reachable(out), v.node());
            if (!steps.stream().map(Node::op).toList().equals(structure.steps())) {
                throw new IllegalStateException("EmpiricalKernels: the network computes " + steps.size() + " steps for a batch of " + x.dim(0) + " and " + structure.steps().size() + " for one example; use another NtkMethod");
            }
            Tensor y = out.reshape(x.dim(0), -1);
            int outputs = y.dim(1);
            Tensor units = Tensor.eye(outputs, x.dtype()).to(x.backend()).unsqueeze(1).expand(outputs, x.dim(0), outputs).contiguous();
            List<Term> terms = new ArrayList<>();
            for (Dense layer : structure.dense()) {
                Node at = steps.get(layer.step());
                Tensor back = Batching.run(outputs, batch -> batch.join(Tracing.backward(List.of(y), List.of(batch.split(units)), List.of(at.result()))[0]));
                terms.add(new Term(back.detach().transpose(0, 1).contiguous(), at.input(0).result().detach(), layer.weight(), layer.constant()));
            }
            return terms;
        });
    }
}
