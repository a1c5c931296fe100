package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ImageRotationTest {
    @Test
    void pixelsAreThoseOfScipysLinearInterpolation() {
        // scipy.ndimage.affine_transform of i^2 / 10 on 4 x 4 about (1.5, 1.5) by 0.3, order 1, grid-constant 0
        double[] expected = {0.509226414, 0.500997262, 0.239291970, 0.402210206, 3.525209778, 3.322561423, 3.028595715, 3.009344571, 10.204993335, 9.544011466, 9.157744162, 8.041095196, 9.777161643, 16.690693108, 18.686778490, 10.723614826};
        Tensor image = Tensor.arange(0, 16, 1, DType.FLOAT64).square().div(10);
        assertThat(ImageRotation.of(4, 0.3).apply(image.unsqueeze(0)).toDoubles()).containsExactly(expected, within(1e-5)); // weights are FLOAT32
    }

    @Test
    void quarterTurnsMovePixelsAndNothingElse() {
        Tensor x = Random.seed(1).normal(Shape.of(3, 25), DType.FLOAT64);
        Tensor y = ImageRotation.of(5, Math.PI / 2).apply(x);
        assertThat(y.reshape(3, 5, 5).toDoubles()).containsExactly(x.reshape(3, 5, 5).transpose(1, 2).flip(2).toDoubles(), within(1e-5));
        assertThat(ImageRotation.of(5, 0).apply(x).toDoubles()).containsExactly(x.toDoubles(), within(1e-12));
    }

    @Test
    void wrongShapesAndAnglesAreRefused() {
        assertThatThrownBy(() -> ImageRotation.of(4, 1).apply(Tensor.zeros(2, 15))).hasMessageContaining("[2, 15]").hasMessageContaining("16");
        assertThatThrownBy(() -> ImageRotation.of(4, Double.NaN)).hasMessageContaining("NaN");
    }
}
