package lemma.tensor;

import java.util.Arrays;

/** Complex tensors from their parts and back. */
final class Complex {
    private Complex() {}

    static Tensor complex(Tensor re, Tensor im) {
        DType type = DType.promote(re.dtype(), im.dtype()).toComplex();
        if (re.dtype().isComplex() || im.dtype().isComplex()) throw new IllegalArgumentException("complex: the parts are " + re.dtype() + " and " + im.dtype() + ", expected real numbers");
        Shape shape = Shape.broadcast("complex", re.shape(), im.shape());
        Tensor a = re.to(type.toReal()).expand(shape);
        Tensor b = im.to(type.toReal()).expand(shape);
        return viewAsComplex(Tensor.stack(java.util.List.of(a, b), -1));
    }

    static Tensor viewAsReal(Tensor a) {
        if (!a.dtype().isComplex()) throw new IllegalArgumentException("viewAsReal: dtype is " + a.dtype() + ", expected COMPLEX64 or COMPLEX128");
        return Tensor.record("viewAsReal", realView(a), (g, y) -> new Tensor[] {viewAsComplex(g)}, a);
    }

    /** The pairs of a's elements; no gradient. */
    static Tensor realView(Tensor a) {
        if (a.backend() instanceof Mapped m) return m.batching().wrap(realView(m.batching().physical(a)));
        int rank = a.rank();
        int[] dims = Arrays.copyOf(a.shape().raw(), rank + 1);
        long[] strides = Arrays.stream(Arrays.copyOf(a.strides(), rank + 1)).map(s -> 2 * s).toArray();
        dims[rank] = 2;
        strides[rank] = 1;
        return retyped(a, Shape.of(dims), strides, 2 * a.offset(), a.dtype().toReal());
    }

    static Tensor viewAsComplex(Tensor a) {
        if (!a.dtype().isFloat() || a.rank() == 0 || a.dim(-1) != 2) {
            throw new IllegalArgumentException("viewAsComplex: the tensor is " + a.dtype() + " " + a.shape() + ", expected FLOAT32 or FLOAT64 with a last axis of 2: real and imaginary part");
        }
        Tensor view = complexView(a);
        if (view == null) return viewAsComplex(Views.copy(a));
        return Tensor.record("viewAsComplex", view, (g, y) -> new Tensor[] {viewAsReal(g)}, a);
    }

    /** The inverse of {@link #realView}; null where the pairs do not lie side by side or not at even places. */
    static Tensor complexView(Tensor a) {
        if (a.backend() instanceof Mapped m) {
            Tensor inner = complexView(m.batching().physical(a));
            return inner == null ? null : m.batching().wrap(inner);
        }
        int rank = a.rank() - 1;
        long[] strides = a.strides();
        boolean even = strides[rank] == 1 && a.offset() % 2 == 0;
        for (int i = 0; even && i < rank; i++) even = strides[i] % 2 == 0 || a.shape().raw()[i] == 1;
        if (!even) return null;
        long[] halves = Arrays.stream(strides).limit(rank).map(s -> s / 2).toArray();
        return retyped(a, a.shape().without(-1), halves, a.offset() / 2, a.dtype().toComplex());
    }

    private static Tensor retyped(Tensor a, Shape shape, long[] strides, long offset, DType type) {
        a.storage().checkLive(a.shape(), a.dtype());
        return new Tensor(a.backend(), a.storage(), shape, strides, offset, type);
    }

    static Tensor part(Tensor a, int i) {
        if (!a.dtype().isComplex()) return a;
        Tensor pairs = viewAsReal(a);
        return pairs.narrow(-1, i, i + 1).squeeze(-1);
    }

    static Tensor angle(Tensor a) {
        if (a.dtype().isComplex()) return part(a, 1).atan2(part(a, 0));
        Tensor x = a.dtype().isFloat() ? a : a.to(DType.FLOAT32);
        Tensor flat = x.mul(0); // NaN stays NaN, and the gradient is zero
        return Tensor.where(x.detach().lt(0), flat.add(Math.PI), flat);
    }

    /** {@code g} times the direction of z, zero at zero: the gradient of the magnitude y. */
    static Tensor magnitudeGradient(Tensor g, Tensor z, Tensor y) {
        Tensor zero = y.detach().eq(0);
        return z.mul(g.div(Tensor.where(zero, y.detach().onesLike(), y)));
    }
}
