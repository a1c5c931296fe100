package lemma.tensor;

import java.util.List;

/** Selecting, gathering, sorting and joining, and the gradient of each. */
final class Indexing {
    private Indexing() {}

    static Tensor indexSelect(Tensor a, int axis, Tensor index) {
        int over = a.shape().axis("indexSelect", axis);
        if (index.rank() != 1) throw new IllegalArgumentException("indexSelect: index has shape " + index.shape() + ", expected one axis");
        Tensor i = integers("indexSelect", index);
        int length = a.dim(over);
        return Tensor.record("indexSelect", Batching.backend(a, i).indexSelect(a, over, i), (g, y) -> new Tensor[] {indexAdd(g, over, i, length)}, a);
    }

    static Tensor indexAdd(Tensor g, int axis, Tensor index, int length) {
        if (g.dtype().isComplex()) return indexAdd(g.viewAsReal(), axis, index, length).viewAsComplex();
        return Tensor.record("indexAdd", Batching.backend(g, index).indexAdd(g, axis, index, length), (h, y) -> new Tensor[] {indexSelect(h, axis, index)}, g);
    }

    static Tensor gather(Tensor a, int axis, Tensor index) {
        int over = a.shape().axis("gather", axis);
        checkGather("gather", a.shape(), over, index.shape());
        Tensor i = integers("gather", index);
        Shape from = a.shape();
        return Tensor.record("gather", Batching.backend(a, i).gather(a, over, i), (g, y) -> new Tensor[] {scatterAdd(g, over, i, from)}, a);
    }

    /** An index for real and imaginary part alike. */
    private static Tensor pairs(Tensor index, Shape shape) {
        return index.unsqueeze(-1).expand(pairs(shape));
    }

    private static Shape pairs(Shape shape) {
        int[] d = java.util.Arrays.copyOf(shape.raw(), shape.rank() + 1);
        d[shape.rank()] = 2;
        return Shape.of(d);
    }

    static Tensor scatterAdd(Tensor a, int axis, Tensor index, Shape into) {
        int over = into.axis("scatterAdd", axis);
        checkGather("scatterAdd", into, over, index.shape());
        if (!index.shape().equals(a.shape())) throw new IllegalArgumentException("scatterAdd: index has shape " + index.shape() + ", the elements " + a.shape());
        Tensor i = integers("scatterAdd", index);
        if (a.dtype().isComplex()) return scatterAdd(a.viewAsReal(), over, pairs(i, i.shape()), pairs(into)).viewAsComplex();
        return Tensor.record("scatterAdd", Batching.backend(a, i).scatterAdd(a, over, i, into), (g, y) -> new Tensor[] {gather(g, over, i)}, a);
    }

    static void checkGather(String op, Shape of, int axis, Shape index) {
        boolean fits = index.rank() == of.rank();
        for (int k = 0; fits && k < of.rank(); k++) fits = k == axis || index.dim(k) == of.dim(k);
        if (!fits) throw new IllegalArgumentException(op + ": index has shape " + index + ", expected that of " + of + " but along axis " + axis);
    }

    static Tensor integers(String op, Tensor index) {
        if (!index.dtype().isInteger()) throw new IllegalArgumentException(op + ": index is " + index.dtype() + ", expected integers");
        return index.to(DType.INT64);
    }

    static Tensor flip(Tensor a, int axis) {
        int over = a.shape().axis("flip", axis);
        int n = a.dim(over);
        return indexSelect(a, over, a.backend().arange(n - 1, -1, n, DType.INT64));
    }

    static Tensor argsort(Tensor a, int axis, boolean descending) {
        return a.backend().argsort(a.detach(), a.shape().axis("argsort", axis), descending);
    }

    static Tensor.TopK topk(Tensor a, int k, int axis, boolean largest) {
        int over = a.shape().axis("topk", axis);
        int length = a.dim(over);
        if (k < 0 || k > length) throw new IllegalArgumentException("topk: k is " + k + ", but axis " + over + " of " + a.shape() + " has " + length + " elements");
        if (a.dtype().isComplex()) throw new IllegalArgumentException("topk: " + a.dtype() + " numbers have no order; take abs() first");
        Tensor indices = a.backend().topk(a.detach(), over, k, largest);
        return new Tensor.TopK(a.gather(over, indices), indices);
    }

    static Tensor oneHot(Tensor labels, int classes) {
        if (!labels.dtype().isInteger()) throw new IllegalArgumentException("oneHot: labels are " + labels.dtype() + ", expected integers");
        Tensor i = labels.to(DType.INT64);
        Tensor all = Batching.allOf(i);
        if (all.size() > 0 && (all.min().item() < 0 || all.max().item() >= classes)) {
            throw new IndexOutOfBoundsException("oneHot: labels run from " + (long) all.min().item() + " to " + (long) all.max().item() + ", expected 0 to " + (classes - 1));
        }
        return i.unsqueeze(-1).eq(i.backend().arange(0, 1, classes, DType.INT64)).to(DType.FLOAT32);
    }

    static Tensor concat(List<Tensor> parts, int axis) {
        if (parts.isEmpty()) throw new IllegalArgumentException("concat: no tensors given");
        Tensor first = parts.getFirst();
        int over = first.shape().axis("concat", axis);
        DType type = parts.stream().map(Tensor::dtype).reduce(first.dtype(), DType::promote);
        for (Tensor p : parts) {
            if (p.rank() != first.rank() || !p.shape().with(over, 0).equals(first.shape().with(over, 0))) {
                throw new IllegalArgumentException("concat: shapes " + first.shape() + " and " + p.shape() + " differ outside axis " + over);
            }
        }
        Tensor[] same = parts.stream().map(p -> p.to(type)).toArray(Tensor[]::new);
        return Tensor.record("concat", Batching.backend(same).concat(List.of(same), over), (g, y) -> {
            Tensor[] gradients = new Tensor[same.length];
            int from = 0;
            for (int k = 0; k < same.length; k++) {
                int to = from + same[k].dim(over);
                gradients[k] = g.narrow(over, from, to);
                from = to;
            }
            return gradients;
        }, same);
    }
}
