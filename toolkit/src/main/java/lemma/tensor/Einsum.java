package lemma.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Einstein summation. Operands are contracted from the left, two at a time, each contraction as one batched matrix product; an axis
 * named twice in one operand is its diagonal. Axes are known by numbers here: letters by their character codes, the axes of an
 * ellipsis by {@link #ELLIPSIS} and up, counted so that the last ones of two ellipses meet.
 */
final class Einsum {
    private static final int ELLIPSIS = 1 << 16;
    private static final int MAX_AXES = 1 << 10;

    private final String equation;

    private Einsum(String equation) {
        this.equation = equation;
    }

    /** A tensor and the label of each of its axes, no label twice. */
    private record Term(Tensor tensor, List<Integer> labels) {
        int length(int label) {
            return tensor.dim(labels.indexOf(label));
        }
    }

    static Tensor of(String equation, Tensor... operands) {
        return new Einsum(equation).run(operands);
    }

    private Tensor run(Tensor... operands) {
        String[] sides = equation.replace(" ", "").split("->", -1);
        String[] inputs = sides[0].split(",", -1);
        if (sides.length > 2) throw bad("has more than one arrow");
        if (inputs.length != operands.length) throw bad("names " + inputs.length + " operands, " + operands.length + " are given");
        List<Term> terms = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) terms.add(term(inputs[i], operands[i]));
        List<Integer> output = sides.length == 2 ? explicitOutput(sides[1], terms) : implicitOutput(sides[0], terms);
        checkLengths(terms);
        Term all = terms.getFirst();
        for (int i = 1; i < terms.size(); i++) {
            Set<Integer> keep = new LinkedHashSet<>(output);
            for (Term later : terms.subList(i + 1, terms.size())) keep.addAll(later.labels);
            all = contract(all, terms.get(i), keep);
        }
        return permuted(summed(all, Set.copyOf(output)), output);
    }

    private IllegalArgumentException bad(String what) {
        return new IllegalArgumentException("einsum: '" + equation + "' " + what + "; expected for example 'bij,bjk->bik'");
    }

    // ---- reading the equation ----

    private List<Integer> labels(String side, int ellipsisAxes) {
        List<Integer> labels = new ArrayList<>();
        int ellipsis = side.indexOf("...");
        for (int i = 0; i < side.length(); i++) {
            char c = side.charAt(i);
            if (isLetter(c)) {
                labels.add((int) c);
            } else if (i == ellipsis) {
                for (int k = ellipsisAxes; k > 0; k--) labels.add(ELLIPSIS + MAX_AXES - k);
                i += 2;
            } else {
                throw bad("has '" + c + "' in '" + side + "', expected letters and at most one ellipsis '...'");
            }
        }
        return labels;
    }

    private static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private Term term(String side, Tensor tensor) {
        boolean open = side.contains("...");
        int letters = (int) side.chars().filter(Einsum::isLetter).count();
        if (open ? letters > tensor.rank() : letters != tensor.rank()) {
            throw bad("gives '" + side + "' to an operand of shape " + tensor.shape() + " with " + tensor.rank() + " axes");
        }
        return diagonals(new Term(tensor, labels(side, tensor.rank() - letters)));
    }

    private Term diagonals(Term t) {
        for (int i = 0; i < t.labels.size(); i++) {
            int j = t.labels.lastIndexOf(t.labels.get(i));
            if (j == i) continue;
            if (t.tensor.dim(i) != t.tensor.dim(j)) throw bad("names axes " + i + " and " + j + " of an operand of shape " + t.tensor.shape() + " alike, which differ in length");
            List<Integer> rest = new ArrayList<>(t.labels);
            int label = rest.remove(j);
            rest.remove(i);
            rest.add(label);
            return diagonals(new Term(t.tensor.diagonal(0, i, j), rest));
        }
        return t;
    }

    private List<Integer> explicitOutput(String side, List<Term> terms) {
        Set<Integer> known = new LinkedHashSet<>();
        for (Term t : terms) known.addAll(t.labels);
        int ellipsis = (int) known.stream().filter(l -> l >= ELLIPSIS).count();
        List<Integer> output = labels(side, ellipsis);
        for (int i = 0; i < output.size(); i++) {
            int label = output.get(i);
            if (!known.contains(label)) throw bad("has '" + (char) label + "' in the output, which no operand has");
            if (output.lastIndexOf(label) != i) throw bad("has '" + (char) label + "' twice in the output");
        }
        return output;
    }

    private List<Integer> implicitOutput(String inputs, List<Term> terms) {
        Map<Integer, Integer> letters = new TreeMap<>();
        for (char c : inputs.toCharArray()) if (isLetter(c)) letters.merge((int) c, 1, Integer::sum);
        List<Integer> output = new ArrayList<>(terms.stream().flatMap(t -> t.labels.stream()).filter(l -> l >= ELLIPSIS).distinct().sorted().toList());
        letters.forEach((label, times) -> {
            if (times == 1) output.add(label);
        });
        return output;
    }

    private void checkLengths(List<Term> terms) {
        Map<Integer, Integer> lengths = new HashMap<>();
        for (Term t : terms) {
            for (int label : t.labels) {
                int n = t.length(label);
                int before = lengths.merge(label, n, (a, b) -> a == 1 ? b : a);
                if (n != 1 && before != n) {
                    String name = label >= ELLIPSIS ? "an axis of the ellipsis" : "'" + (char) label + "'";
                    throw bad("gives " + name + " the lengths " + before + " and " + n + " for shapes " + terms.stream().map(x -> x.tensor.shape().toString()).toList());
                }
            }
        }
    }

    // ---- contracting ----

    private static Term summed(Term t, Set<Integer> keep) {
        int[] axes = new int[t.labels.size()];
        int n = 0;
        for (int i = 0; i < axes.length; i++) if (!keep.contains(t.labels.get(i))) axes[n++] = i;
        if (n == 0) return t;
        return new Term(t.tensor.sum(Arrays.copyOf(axes, n)), t.labels.stream().filter(keep::contains).toList());
    }

    private static Term contract(Term left, Term right, Set<Integer> keep) {
        Term a = summed(left, union(keep, right.labels));
        Term b = summed(right, union(keep, left.labels));
        List<Integer> shared = a.labels.stream().filter(b.labels::contains).toList();
        List<Integer> batch = shared.stream().filter(keep::contains).toList();
        List<Integer> inner = shared.stream().filter(l -> !keep.contains(l)).toList();
        List<Integer> rows = a.labels.stream().filter(l -> !shared.contains(l)).toList();
        List<Integer> columns = b.labels.stream().filter(l -> !shared.contains(l)).toList();
        List<Integer> labels = join(batch, rows, columns);
        if (inner.isEmpty() || !a.tensor.dtype().isFloat() || !b.tensor.dtype().isFloat()) return multiplied(a, b, labels, inner);
        Map<Integer, Integer> lengths = new HashMap<>();
        for (int l : shared) lengths.put(l, a.length(l) == 1 ? b.length(l) : a.length(l));
        Tensor x = stretched(permuted(a, join(batch, rows, inner)), join(batch, rows, inner), lengths);
        Tensor y = stretched(permuted(b, join(batch, inner, columns)), join(batch, inner, columns), lengths);
        int[] shape = new int[labels.size()];
        for (int i = 0; i < shape.length; i++) shape[i] = i < batch.size() + rows.size() ? x.dim(i) : y.dim(i - rows.size() + inner.size());
        Tensor product = grouped(x, batch.size(), rows.size()).matmul(grouped(y, batch.size(), inner.size()));
        return new Term(product.reshape(Shape.of(shape)), labels);
    }

    /** {@code x} as a matrix, or a batch of them, of its axes before and after {@code batch + rows}. */
    private static Tensor grouped(Tensor x, int batch, int rows) {
        int b = length(x, 0, batch);
        int r = length(x, batch, batch + rows);
        int c = length(x, batch + rows, x.rank());
        return batch == 0 ? x.reshape(Shape.of(r, c)) : x.reshape(Shape.of(b, r, c));
    }

    private static int length(Tensor x, int from, int to) {
        int n = 1;
        for (int i = from; i < to; i++) n = Math.multiplyExact(n, x.dim(i));
        return n;
    }

    private static Term multiplied(Term a, Term b, List<Integer> labels, List<Integer> inner) {
        List<Integer> all = join(labels, inner, List.of());
        Tensor product = spread(a, all).mul(spread(b, all));
        return summed(new Term(product, all), Set.copyOf(labels));
    }

    private static Tensor spread(Term t, List<Integer> labels) {
        List<Integer> own = labels.stream().filter(t.labels::contains).toList();
        Tensor x = permuted(t, own);
        for (int i = 0; i < labels.size(); i++) if (!own.contains(labels.get(i))) x = x.unsqueeze(i);
        return x;
    }

    private static Tensor stretched(Tensor x, List<Integer> labels, Map<Integer, Integer> lengths) {
        int[] d = x.shape().dims();
        for (int i = 0; i < d.length; i++) d[i] = lengths.getOrDefault(labels.get(i), d[i]);
        return x.expand(Shape.of(d));
    }

    private static Tensor permuted(Term t, List<Integer> order) {
        int[] axes = order.stream().mapToInt(t.labels::indexOf).toArray();
        for (int i = 0; i < axes.length; i++) if (axes[i] != i) return t.tensor.permute(axes);
        return t.tensor;
    }

    private static Set<Integer> union(Set<Integer> a, List<Integer> b) {
        Set<Integer> all = new LinkedHashSet<>(a);
        all.addAll(b);
        return all;
    }

    private static List<Integer> join(List<Integer> a, List<Integer> b, List<Integer> c) {
        List<Integer> all = new ArrayList<>(a);
        all.addAll(b);
        all.addAll(c);
        return all;
    }
}
