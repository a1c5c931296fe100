package lemma.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The printed form of a tensor: a head line, then rows of rounded elements in columns, ellipses where there are many. */
final class Printer {
    private static final int EDGE = 3;
    private static final int WHOLE = 1000;

    private Printer() {}

    static String print(Tensor t) {
        String head = "Tensor " + t.dtype() + " " + t.shape();
        if (t.storage().isReleased()) return head + " (given back to the pool when its scope ended)";
        if (Batching.isMapped(t)) return head + " for each example, together " + print(Batching.allOf(t));
        if (t.rank() == 0) return head + " " + cells(t.detach().to(CpuBackend.INSTANCE), format(List.of(t.detach().to(CpuBackend.INSTANCE)), t.dtype()))[0].strip();
        if (t.size() == 0) return head + " (empty)";
        boolean whole = t.size() <= WHOLE;
        Tensor values = t.detach().to(CpuBackend.INSTANCE);
        List<Tensor> shown = new ArrayList<>();
        corners(values, 0, whole, shown);
        Format f = format(shown, t.dtype());
        StringBuilder out = new StringBuilder(head).append('\n');
        rows(values, whole, f, out, " ".repeat(1));
        return out.toString();
    }

    private static void corners(Tensor t, int axis, boolean whole, List<Tensor> into) {
        if (axis == t.rank()) {
            into.add(t);
            return;
        }
        int n = t.dim(axis);
        if (whole || n <= 2 * EDGE) {
            corners(t, axis + 1, whole, into);
            return;
        }
        corners(t.narrow(axis, 0, EDGE), axis + 1, whole, into);
        corners(t.narrow(axis, n - EDGE, n), axis + 1, whole, into);
    }

    private static void rows(Tensor t, boolean whole, Format f, StringBuilder out, String indent) {
        int n = t.dim(0);
        boolean cut = !whole && n > 2 * EDGE;
        out.append('[');
        if (t.rank() == 1) {
            out.append(String.join(", ", cells(cut ? t.narrow(0, 0, EDGE) : t, f)));
            if (cut) out.append(", ..., ").append(String.join(", ", cells(t.narrow(0, n - EDGE, n), f)));
        } else {
            String gap = "," + "\n".repeat(t.rank() - 1) + indent;
            for (int i = 0; i < n; i++) {
                if (cut && i == EDGE) {
                    out.append(gap).append("...");
                    i = n - EDGE;
                }
                if (i > 0) out.append(gap);
                rows(t.get(i), whole, f, out, indent + " ");
            }
        }
        out.append(']');
    }

    private static String[] cells(Tensor t, Format f) {
        if (!t.dtype().isComplex()) return Arrays.stream(t.toDoubles()).mapToObj(f::apply).toArray(String[]::new);
        double[] parts = t.viewAsReal().toDoubles();
        String[] cells = new String[parts.length / 2];
        for (int i = 0; i < cells.length; i++) {
            double im = parts[2 * i + 1];
            boolean minus = Double.doubleToRawLongBits(im) < 0 && !Double.isNaN(im);
            cells[i] = f.apply(parts[2 * i]) + (minus ? " - " : " + ") + f.apply(Math.abs(im)).strip() + "i";
        }
        return cells;
    }

    @FunctionalInterface
    private interface Format {
        String apply(double value);
    }

    private static Format format(List<Tensor> shown, DType type) {
        if (type == DType.BOOL) return v -> v != 0 ? " true" : "false";
        double top = 0;
        double bottom = Double.POSITIVE_INFINITY;
        boolean whole = true;
        double[] values = shown.stream().map(part -> part.dtype().isComplex() ? part.viewAsReal() : part).flatMapToDouble(part -> Arrays.stream(part.toDoubles())).toArray();
        for (double v : values) {
            if (!Double.isFinite(v)) continue;
            whole &= v == Math.rint(v);
            top = Math.max(top, Math.abs(v));
            if (v != 0) bottom = Math.min(bottom, Math.abs(v));
        }
        boolean wide = top >= 1e6 || top > 0 && (top < 1e-3 || bottom < 1e-4 * Math.min(1, top));
        String pattern = type.isInteger() ? "%.0f" : wide ? "%.4e" : whole ? "%.1f" : "%.4f";
        Format bare = v -> Double.isNaN(v) ? "nan" : Double.isInfinite(v) ? (v < 0 ? "-inf" : "inf") : String.format(Locale.ROOT, pattern, v);
        int width = Arrays.stream(values).mapToInt(v -> bare.apply(v).length()).max().orElse(0);
        return v -> {
            String s = bare.apply(v);
            return " ".repeat(width - s.length()) + s;
        };
    }
}
