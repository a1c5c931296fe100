package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import lemma.tensor.Tensor;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.junit.jupiter.api.Test;

class KernelRidgeTest {
    private static final Tensor X = Normals.matrix(3, 7, 2050);
    private static final double[] Y = {1, -2, 0.5, 3, -1, 0, 2};

    private static RealMatrix matrix(Tensor t) {
        RealMatrix m = new Array2DRowRealMatrix(t.dim(0), t.dim(1));
        for (int i = 0; i < t.dim(0); i++) m.setRow(i, t.get(i).toDoubles());
        return m;
    }

    @Test
    void gramIsTheMatrixProduct() {
        RealMatrix x = matrix(X);
        RealMatrix product = x.multiplyTransposed(x);
        double[][] gram = KernelRidge.gram(X);
        for (int i = 0; i < 7; i++) assertThat(gram[i]).containsExactly(product.getRow(i), within(1e-10));
    }

    @Test
    void withoutRidgeItInterpolatesByTheLeastNormWeights() {
        double[] w = KernelRidge.weights(X, KernelRidge.fit(KernelRidge.gram(X), Y, 0, KernelRidge.CHOLESKY)).toDoubles();
        RealMatrix x = matrix(X);
        assertThat(x.operate(w)).containsExactly(Y, within(1e-10));
        RealMatrix q = new QRDecomposition(x.transpose()).getQ().getSubMatrix(0, 2049, 0, 6); // basis of the row space
        double[] inRowSpace = q.operate(q.transpose().operate(w));
        assertThat(inRowSpace).containsExactly(w, within(1e-10));
    }

    @Test
    void withRidgeItIsThePrimalRidgeSolution() {
        Tensor narrow = Normals.matrix(4, 7, 3);
        RealMatrix x = matrix(narrow);
        RealMatrix normal = x.transposeMultiply(x).add(MatrixUtils.createRealIdentityMatrix(3).scalarMultiply(0.7));
        double[] primal = new QRDecomposition(normal).getSolver().solve(new ArrayRealVector(x.preMultiply(Y))).toArray();
        double[] dual = KernelRidge.fit(KernelRidge.gram(narrow), Y, 0.7, KernelRidge.CHOLESKY);
        assertThat(KernelRidge.weights(narrow, dual).toDoubles()).containsExactly(primal, within(1e-12));
    }

    @Test
    void leavesTheKernelAlone() {
        double[][] gram = KernelRidge.gram(X);
        KernelRidge.fit(gram, Y, 1, KernelRidge.CHOLESKY);
        assertThat(gram).isDeepEqualTo(KernelRidge.gram(X));
    }

    @Test
    void refusesSingularKernelsAndBadShapes() {
        double[][] repeated = KernelRidge.gram(Tensor.concat(List.of(X.narrow(0, 0, 1), X.narrow(0, 0, 1)), 0));
        assertThatThrownBy(() -> KernelRidge.fit(repeated, new double[] {1, 2}, 0, KernelRidge.CHOLESKY)).hasMessageContaining("not positive definite for 2 samples");
        assertThatThrownBy(() -> KernelRidge.fit(repeated, Y, 0, KernelRidge.CHOLESKY)).hasMessageContaining("kernel is [2, 2], expected [7, 7]");
        assertThatThrownBy(() -> KernelRidge.fit(repeated, new double[] {1, 2}, -1, KernelRidge.CHOLESKY)).hasMessageContaining("ridge is -1.0");
        assertThatThrownBy(() -> KernelRidge.weights(X, new double[3])).hasMessageContaining("[7, 2050]").hasMessageContaining("3 coefficients");
    }
}
