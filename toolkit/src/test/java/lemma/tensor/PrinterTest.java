package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrinterTest {
    private static void prints(Tensor t, String expected) {
        assertThat(t.toString()).isEqualTo(expected.stripTrailing());
    }

    @Test
    void scalars() {
        prints(Tensor.scalar(3.14159), "Tensor FLOAT32 [] 3.1416");
        prints(Tensor.scalar(1, DType.BOOL), "Tensor BOOL [] true");
        prints(Tensor.scalar(-7, DType.INT64), "Tensor INT64 [] -7");
    }

    @Test
    void columnsAreAligned() {
        prints(Tensor.of(new double[] {1, -2.5, 3.25, 40}, 2, 2), """
                Tensor FLOAT64 [2, 2]
                [[ 1.0000, -2.5000],
                 [ 3.2500, 40.0000]]
                """);
        prints(Tensor.of(new int[] {-5, 100}), """
                Tensor INT32 [2]
                [ -5, 100]
                """);
    }

    @Test
    void wholeNumbersAreShort() {
        prints(Tensor.of(new double[] {1, 20}), """
                Tensor FLOAT64 [2]
                [ 1.0, 20.0]
                """);
    }

    @Test
    void numbersFarApartHaveExponents() {
        prints(Tensor.of(new double[] {1e-5, 1, -1e7}), """
                Tensor FLOAT64 [3]
                [ 1.0000e-05,  1.0000e+00, -1.0000e+07]
                """);
    }

    @Test
    void notNumbers() {
        prints(Tensor.of(new double[] {1.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}), """
                Tensor FLOAT64 [4]
                [1.5000,    nan,    inf,   -inf]
                """);
        prints(Tensor.of(new double[] {Double.NaN, Double.NaN}), """
                Tensor FLOAT64 [2]
                [nan, nan]
                """);
    }

    @Test
    void logicalBytesAndEmpty() {
        prints(Tensor.of(new boolean[] {true, false}), """
                Tensor BOOL [2]
                [ true, false]
                """);
        prints(Tensor.of(new byte[] {-1, 2}), """
                Tensor UINT8 [2]
                [255,   2]
                """);
        prints(Tensor.zeros(0, 3), "Tensor FLOAT32 [0, 3] (empty)");
    }

    @Test
    void threeAxes() {
        prints(Tensor.arange(12).reshape(2, 2, 3), """
                Tensor INT64 [2, 2, 3]
                [[[ 0,  1,  2],
                  [ 3,  4,  5]],

                 [[ 6,  7,  8],
                  [ 9, 10, 11]]]
                """);
    }

    @Test
    void manyElementsAreLeftOut() {
        prints(Tensor.arange(2000), """
                Tensor INT64 [2000]
                [   0,    1,    2, ..., 1997, 1998, 1999]
                """);
        prints(Tensor.arange(0, 4000, 1, DType.FLOAT32).reshape(40, 100), """
                Tensor FLOAT32 [40, 100]
                [[   0.0,    1.0,    2.0, ...,   97.0,   98.0,   99.0],
                 [ 100.0,  101.0,  102.0, ...,  197.0,  198.0,  199.0],
                 [ 200.0,  201.0,  202.0, ...,  297.0,  298.0,  299.0],
                 ...,
                 [3700.0, 3701.0, 3702.0, ..., 3797.0, 3798.0, 3799.0],
                 [3800.0, 3801.0, 3802.0, ..., 3897.0, 3898.0, 3899.0],
                 [3900.0, 3901.0, 3902.0, ..., 3997.0, 3998.0, 3999.0]]
                """);
        prints(Tensor.arange(2000).reshape(1000, 1, 2).narrow(0, 0, 800), """
                Tensor INT64 [800, 1, 2]
                [[[   0,    1]],

                 [[   2,    3]],

                 [[   4,    5]],

                 ...,

                 [[1594, 1595]],

                 [[1596, 1597]],

                 [[1598, 1599]]]
                """);
    }

    @Test
    void viewsAndOtherBackendsPrintAlike() {
        Tensor t = Tensor.arange(6).reshape(2, 3).t();
        assertThat(t.toString()).isEqualTo(t.contiguous().toString()).isEqualTo(t.to(Nd4jBackend.INSTANCE).toString());
    }
}
