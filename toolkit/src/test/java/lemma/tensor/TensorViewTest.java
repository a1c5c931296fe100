package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import lemma.display.Bundle;
import org.junit.jupiter.api.Test;

class TensorViewTest {
    private static final Pattern SOURCE = Pattern.compile("src=\"data:image/png;base64,([^\"]*)\"");
    private static final int DARKEST = 0xFF440154;
    private static final int BRIGHTEST = 0xFFFDE725;

    private static String html(Tensor t) {
        return t.bundle().data().get(Bundle.HTML).toString();
    }

    private static BufferedImage shown(Tensor t) throws Exception {
        Matcher source = SOURCE.matcher(html(t));
        assertThat(source.find()).isTrue();
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(source.group(1))));
    }

    /** What is shown, with each of its squares as one pixel. */
    private static BufferedImage picture(Tensor t, int width) throws Exception {
        BufferedImage large = shown(t);
        int zoom = large.getWidth() / width;
        BufferedImage picture = new BufferedImage(width, large.getHeight() / zoom, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < large.getHeight(); i++) {
            for (int j = 0; j < large.getWidth(); j++) {
                if (i % zoom == 0 && j % zoom == 0) picture.setRGB(j / zoom, i / zoom, large.getRGB(j, i));
                assertThat(large.getRGB(j, i)).as("pixel %d, %d", i, j).isEqualTo(picture.getRGB(j / zoom, i / zoom));
            }
        }
        return picture;
    }

    @Test
    void tellsTypeShapeAndRange() {
        assertThat(html(Tensor.of(new double[] {1, 2, 6, -1}, 4))).contains("<b>Tensor FLOAT64 [4]</b> min -1, mean 2, max 6<").doesNotContain("<img");
        assertThat(html(Tensor.of(new double[] {0.5, Double.NaN, 1.25, Double.POSITIVE_INFINITY}, 4))).contains("min 0.5000, mean 0.8750, max 1.250, 2 NaN or infinite");
        assertThat(html(Tensor.of(new double[] {Double.NaN}, 1))).contains("no finite element");
    }

    @Test
    void textStaysWhatItWas() {
        Tensor t = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
        assertThat(t.bundle().plain()).isEqualTo(t.toString());
        assertThat(Tensor.zeros(0, 3).bundle().data()).containsOnlyKeys(Bundle.TEXT);
    }

    @Test
    void aMatrixIsAHeatMapWithAPixelAnElement() throws Exception {
        BufferedImage map = picture(Tensor.of(new double[] {0, 4, 1, Double.NaN, 2, 3}, 2, 3), 3);
        assertThat(new int[] {map.getWidth(), map.getHeight()}).containsExactly(3, 2);
        assertThat(map.getRGB(0, 0)).isEqualTo(DARKEST);
        assertThat(map.getRGB(1, 0)).isEqualTo(BRIGHTEST);
        assertThat(map.getRGB(2, 0)).as("a quarter of the way").isEqualTo(0xFF3B528B);
        assertThat(map.getRGB(0, 1)).as("NaN").isEqualTo(0xFF808080);
    }

    @Test
    void aPictureIsAsLargeAsItIsShownForPagesWithoutStyles() throws Exception {
        BufferedImage map = shown(Tensor.zeros(3, 2));
        assertThat(new int[] {map.getWidth(), map.getHeight()}).containsExactly(32, 48);
        assertThat(html(Tensor.zeros(3, 2))).contains("<img width=\"32\" height=\"48\"");
    }

    @Test
    void theValuesOfALargeMatrixAreFoldedBelowItsHeatMap() {
        assertThat(html(Tensor.zeros(11, 10))).contains("<img", "<details><summary ", ">values</summary>");
        assertThat(html(Tensor.zeros(10, 10))).contains("<img").doesNotContain("<details>");
    }

    @Test
    void aTransposedViewIsDrawnTransposed() throws Exception {
        BufferedImage map = picture(Tensor.of(new double[] {0, 4, 1, 1, 2, 3}, 2, 3).transpose(0, 1), 2);
        assertThat(new int[] {map.getWidth(), map.getHeight()}).containsExactly(2, 3);
        assertThat(map.getRGB(0, 1)).isEqualTo(BRIGHTEST);
    }

    @Test
    void aLargeMatrixIsThinnedOut() throws Exception {
        Tensor large = Tensor.zeros(1000, 300);
        BufferedImage map = picture(large, 100);
        assertThat(new int[] {map.getWidth(), map.getHeight()}).containsExactly(100, 125);
        assertThat(html(large)).hasSizeLessThan(5000);
    }

    @Test
    void imagesAreShownAsPictures() throws Exception {
        double[] pixels = new double[3 * 8 * 9];
        pixels[10] = 1;
        pixels[72 + 10] = 0.2;
        BufferedImage image = picture(Tensor.of(pixels, 3, 8, 9), 9);
        assertThat(new int[] {image.getWidth(), image.getHeight()}).containsExactly(9, 8);
        assertThat(image.getRGB(1, 1)).isEqualTo(0xFFFF3300);
        assertThat(image.getRGB(0, 0)).isEqualTo(0xFF000000);
        BufferedImage sheet = picture(Tensor.zeros(5, 1, 8, 8), 26);
        assertThat(new int[] {sheet.getWidth(), sheet.getHeight()}).as("five images in a grid of 3 by 2 with gaps").containsExactly(26, 17);
        assertThat(html(Tensor.of(pixels, 3, 8, 9).sub(1))).as("below 0 is no brightness").doesNotContain("<img");
    }

    @Test
    void theValuesOfImagesAreFoldedAway() {
        assertThat(html(Tensor.full(Shape.of(2, 1, 8, 8), DType.FLOAT32, 0.5))).contains("<details>", ">values</summary><pre ").endsWith("</pre></details>");
        assertThat(html(Tensor.full(Shape.of(8, 8), DType.FLOAT32, 0.5))).contains("<img").doesNotContain("<details>");
    }
}
