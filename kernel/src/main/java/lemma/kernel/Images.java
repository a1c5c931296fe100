package lemma.kernel;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import lemma.display.Bundle;

/** Images as PNG. */
final class Images {
    private Images() {}

    static Bundle render(Object value) {
        BufferedImage image = (BufferedImage) value;
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, "png", png)) throw new IOException("no PNG writer for image type " + image.getType());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the image as PNG", e);
        }
        return Bundle.text("image " + image.getWidth() + " x " + image.getHeight()).with(Bundle.PNG, png.toByteArray());
    }
}
