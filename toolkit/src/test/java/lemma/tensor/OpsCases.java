package lemma.tensor;

import java.util.List;

/** The functions of ops_fixtures.py. */
final class OpsCases extends TorchCases.Suite {
    private static final double INF = Double.POSITIVE_INFINITY;

    OpsCases() {
        super("ops-fixtures.json");
        einsums();
        rearranging();
        diagonals();
        running();
        elementwise();
        selecting();
        edges();
    }

    private void einsum(String name, String equation) {
        many(name, x -> Tensor.einsum(equation, x));
    }

    private void einsums() {
        einsum("einsum", "ij,jk->ik");
        einsum("einsumBatch", "bij,bkj->bik");
        einsum("einsumImplicit", "kj,ji");
        einsum("einsumEllipsis", "...ij, ...jk -> ...ik");
        einsum("einsumEllipsisImplicit", "a...,b...");
        einsum("einsumEllipsisSummed", "i...->i");
        einsum("einsumDiagonal", "ii->i");
        einsum("einsumTrace", "bii->b");
        einsum("einsumTranspose", "ijk->kij");
        einsum("einsumSum", "ijk->j");
        einsum("einsumOuter", "i,j->ij");
        einsum("einsumDot", "i,i->");
        einsum("einsumHadamard", "ij,ij->ij");
        einsum("einsumStretched", "ij,jk->ik");
        einsum("einsumThree", "ab,bcd,de->ace");
        einsum("einsumBilinear", "bn,anm,bm->ba");
        einsum("einsumAttention", "bqhd,bkhd->bhqk");
        einsum("einsumRepeated", "iij,jk->ki");
        einsum("einsumScalar", ",ij->ij");
    }

    private void rearranging() {
        one("flipTwo", x -> x.flip(0, 2));
        one("roll", x -> x.roll(3, 2));
        one("rollMany", x -> x.roll(new int[] {-1, 5}, new int[] {0, 1}));
        one("rot90", x -> x.rot90(1, 0, 2));
        one("rot90Two", x -> x.rot90(2, 1, 2));
        one("rot90Three", x -> x.rot90(-1, 2, 1));
        one("movedim", x -> x.movedim(0, -1));
        one("repeat", x -> x.repeat(2, 1, 3));
        one("repeatNone", x -> x.repeat(2, 0));
        one("tile", x -> x.tile(2));
        one("tileMore", x -> x.tile(2, 1, 2));
        one("repeatInterleave", x -> x.repeatInterleave(3, 1));
        two("repeatInterleaveCounts", (x, n) -> x.repeatInterleave(n, 1));
        one("split", x -> x.split(3, 2).get(1).mul(x.split(2, 1).getFirst().sum()));
        one("splitLengths", x -> x.split(new int[] {1, 3}, 2).get(1));
        one("chunk", x -> Tensor.concat(x.chunk(3, 2), 1));
        one("unbind", x -> x.unbind(1).get(2).mul(x.unbind(1).get(0)));
        many("meshgrid", x -> Tensor.stack(Tensor.meshgrid(x), 0));
        one("diff", x -> x.diff(1, 1));
        one("diffTwice", x -> x.diff(2, 2));
    }

    private void diagonals() {
        one("diagonal", x -> x.diagonal(0));
        one("diagonalAbove", x -> x.diagonal(1, 0, 2));
        one("diagonalBelow", x -> x.diagonal(-2, 2, 1));
        one("diagonalOutside", x -> x.diagonal(7));
        one("diag", x -> x.diag(0));
        one("diagOfMatrix", x -> x.diag(-1));
        one("diagEmbed", x -> x.diagEmbed(-2));
        one("trace", Tensor::trace);
        two("outer", Tensor::outer);
        two("kron", Tensor::kron);
        two("kronRanks", Tensor::kron);
    }

    private void running() {
        one("cumprod", x -> x.cumprod(1));
        one("cumprodOneZero", x -> x.cumprod(1));
        one("cumprodTwoZeros", x -> x.cumprod(0));
        one("cummax", x -> x.cummax(1));
        one("cummin", x -> x.cummin(0));
        one("logcumsumexp", x -> x.logcumsumexp(1));
        one("logcumsumexpWide", x -> x.logcumsumexp(0));
        one("median", x -> x.median(1));
        one("medianEven", x -> x.median(0));
        one("medianAll", x -> x.median());
        one("quantile", x -> x.quantile(0.3, 1));
        one("quantiles", x -> x.quantile(new double[] {0, 0.5, 0.9, 1}, 0));
        one("vectorNorm1", x -> x.vectorNorm(1, 1));
        one("vectorNorm2", x -> x.vectorNorm(2, 0, 2));
        one("vectorNorm3", x -> x.vectorNorm(3, 1));
        one("vectorNormHalf", x -> x.vectorNorm(1.5, 0));
        one("vectorNormInf", x -> x.vectorNorm(INF, 1));
        one("vectorNormMinusInf", x -> x.vectorNorm(-INF, 1));
        one("vectorNormZero", x -> x.norm(1));
    }

    private void elementwise() {
        two("lerp", (a, b) -> a.lerp(b, 0.3));
        two("lerpFar", (a, b) -> a.lerp(b, 0.8));
        many("lerpTensor", x -> x[0].lerp(x[1], x[2]));
        two("hypot", Tensor::hypot);
        two("logaddexp", Tensor::logaddexp);
        two("fmod", Tensor::fmod);
        one("trunc", Tensor::trunc);
        two("floorDivide", Tensor::floorDivide);
    }

    private void selecting() {
        two("getTensor", (x, i) -> x.get(i));
        many("getPair", x -> x[0].get(x[1], x[2]));
        two("getMask", (x, m) -> x.get(m));
        many("getMaskAndIndex", x -> x[0].get(x[1], x[2]));
        two("maskedSelect", Tensor::maskedSelect);
        many("indexPut", x -> x[0].indexPut(new Tensor[] {x[1], x[2]}, x[3], false));
        many("indexPutAccumulate", x -> x[0].indexPut(new Tensor[] {x[1]}, x[2], true));
        many("indexPutMask", x -> x[0].indexPut(new Tensor[] {x[1]}, x[2], false));
        many("indexAdd", x -> x[0].indexAdd(1, x[1], x[2]));
        many("scatter", x -> x[0].scatter(1, x[1], x[2]));
        many("scatter0", x -> x[0].scatter(0, x[1], x[2]));
        two("scatterNumber", (x, i) -> x.scatter(1, i, 2.5));
    }

    private void edges() {
        one("edge_nanToNum", x -> x.nanToNum(0.5, 7, -8));
        one("edge_trunc", Tensor::trunc);
        one("value_nanToNum", Tensor::nanToNum);
        one("value_isFinite", Tensor::isFinite);
        one("value_isInf", Tensor::isInf);
        two("value_hypot", Tensor::hypot);
        two("value_logaddexp", Tensor::logaddexp);
        two("value_fmod", Tensor::fmod);
        two("value_floorDivide", Tensor::floorDivide);
        one("value_cummax", x -> x.cummax(1));
        one("value_cummin", x -> x.cummin(1));
        one("value_cumprod", x -> x.cumprod(1));
        one("value_logcumsumexpWide", x -> x.logcumsumexp(0));
        one("value_logcumsumexp", x -> x.logcumsumexp(1));
        one("value_median", x -> x.median(1));
        one("value_quantile", x -> x.quantile(0.4, 1));
        one("value_countNonzero", x -> x.countNonzero(1));
        one("value_vectorNorm0", x -> x.vectorNorm(0, 1));
        one("value_vectorNormInf", x -> x.vectorNorm(INF, 1));
        one("value_nonzero", Tensor::nonzero);
        one("value_argmaxAll", x -> x.argmax());
        one("value_argminAll", x -> x.argmin());
        one("value_unique", x -> x.unique().values());
        one("value_uniqueInverse", x -> x.unique().inverse());
        one("value_uniqueCounts", x -> x.unique().counts());
        two("value_searchSorted", (s, v) -> s.searchSorted(v, false));
        two("value_searchSortedRight", (s, v) -> s.searchSorted(v, true));
        two("value_searchSortedRows", (s, v) -> s.searchSorted(v, false));
        two("value_bucketize", (x, b) -> x.bucketize(b, false));
        one("value_histc", x -> x.histc(5, -1, 2));
        one("value_histcOwnRange", x -> x.histc(4, 0, 0));
        two("value_bincount", (w, x) -> x.bincount(w, 6));
        one("value_trilIndices", x -> Tensor.trilIndices(4, 3, -1).to(x.backend()).mul(x.sum().to(DType.INT64)));
        one("value_triuIndices", x -> Tensor.triuIndices(3, 4, 1).to(x.backend()).mul(x.sum().to(DType.INT64)));
    }
}
