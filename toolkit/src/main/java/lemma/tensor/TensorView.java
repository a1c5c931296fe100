package lemma.tensor;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Locale;
import javax.imageio.ImageIO;
import lemma.display.Bundle;

/** What a notebook shows of a tensor: type, shape, range and mean; a matrix as a heat map, an image or a batch of them as pictures. */
final class TensorView {
    private static final int CHUNK = 1 << 20;
    private static final int MAX_CELLS = 128;
    private static final int MAX_IMAGES = 16;
    private static final int MAX_OPEN = 100; // elements of a matrix whose values stand open below its heat map
    private static final int SIDE = 256;
    private static final int MAX_ZOOM = 16;
    private static final int MIN_IMAGE = 8;
    private static final int GREY = 0xFF808080;
    /** Viridis at five equal steps: dark for small, bright for large, and even to the eye. */
    private static final int[] COLOURS = {0x440154, 0x3B528B, 0x21918C, 0x5EC962, 0xFDE725};

    private final Tensor values;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double sum;
    private long finite;

    private TensorView(Tensor values) {
        this.values = values;
        Tensor flat = values.reshape((int) values.size());
        for (int from = 0; from < values.size(); from += CHUNK) {
            for (double v : flat.narrow(0, from, (int) Math.min(values.size(), from + (long) CHUNK)).toDoubles()) add(v);
        }
    }

    private void add(double v) {
        if (!Double.isFinite(v)) return;
        min = Math.min(min, v);
        max = Math.max(max, v);
        sum += v;
        finite++;
    }

    /** Plain text always, HTML where there is more to see. */
    static Bundle of(Tensor t) {
        Bundle text = Bundle.text(t.toString());
        boolean plain = t.storage().isReleased() || Batching.isMapped(t) || t.dtype().isComplex() || t.rank() == 0 || t.size() == 0 || t.size() > Integer.MAX_VALUE;
        if (plain) return text;
        return text.with(Bundle.HTML, new TensorView(t.detach().to(CpuBackend.INSTANCE)).html(text.plain()));
    }

    private String html(String text) {
        String[] headAndRows = text.split("\n", 2);
        StringBuilder html = new StringBuilder("<div><b>").append(headAndRows[0]).append("</b> ").append(range()).append("</div>\n");
        BufferedImage picture = picture();
        if (picture != null) html.append(tag(picture));
        String rows = "<pre style=\"font-family: monospace; white-space: pre; overflow-x: auto\">" + (headAndRows.length < 2 ? "" : headAndRows[1]) + "</pre>";
        boolean pictureTellsMore = picture != null && (values.rank() > 2 || values.size() > MAX_OPEN);
        return html.append(pictureTellsMore ? "<details><summary style=\"display: list-item; cursor: pointer\">values</summary>" + rows + "</details>" : rows).toString();
    }

    private String range() {
        long strange = values.size() - finite;
        String note = strange == 0 ? "" : ", " + strange + " NaN or infinite";
        if (finite == 0) return "no finite element";
        return String.format(Locale.ROOT, "min %s, mean %s, max %s%s", number(min), number(sum / finite), number(max), note);
    }

    private static String number(double v) {
        return v == Math.rint(v) && Math.abs(v) < 1e9 ? Long.toString((long) v) : String.format(Locale.ROOT, "%.4g", v);
    }

    private static String tag(BufferedImage picture) {
        BufferedImage shown = enlarged(picture);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(shown, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the picture of a tensor as PNG", e);
        }
        return "<img width=\"" + shown.getWidth() + "\" height=\"" + shown.getHeight() + "\" style=\"image-rendering: pixelated\" "
                + "alt=\"elements as colours\" src=\"data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray()) + "\">\n";
    }

    /** A square for each pixel: pages that take styles away, as of notebooks not trusted, would blur a small picture. */
    private static BufferedImage enlarged(BufferedImage picture) {
        int zoom = Math.clamp(SIDE / Math.max(picture.getWidth(), picture.getHeight()), 1, MAX_ZOOM);
        BufferedImage large = new BufferedImage(zoom * picture.getWidth(), zoom * picture.getHeight(), picture.getType());
        for (int i = 0; i < large.getHeight(); i++) {
            for (int j = 0; j < large.getWidth(); j++) large.setRGB(j, i, picture.getRGB(j / zoom, i / zoom));
        }
        return large;
    }

    private BufferedImage picture() {
        if (values.rank() == 2) return heatMap();
        if (values.rank() == 3 && isImage(values.dim(0), values.dim(1), values.dim(2))) return images(values.unsqueeze(0));
        if (values.rank() == 3 && values.dtype() == DType.UINT8 && isImage(values.dim(2), values.dim(0), values.dim(1))) {
            return images(values.permute(2, 0, 1).unsqueeze(0));
        }
        if (values.rank() == 4 && isImage(values.dim(1), values.dim(2), values.dim(3))) return images(values);
        return null;
    }

    /** Channels first, and elements that are brightness: bytes, or numbers from 0 to 1. */
    private boolean isImage(int channels, int height, int width) {
        boolean brightness = values.dtype() == DType.UINT8 || values.dtype().isFloat() && finite == values.size() && min >= 0 && max <= 1;
        return brightness && (channels == 1 || channels == 3) && height >= MIN_IMAGE && width >= MIN_IMAGE && Math.max(height, width) <= 2048;
    }

    /** A pixel an element; of a large matrix every second, third, ... row and column. */
    private BufferedImage heatMap() {
        int rowStep = (values.dim(0) + MAX_CELLS - 1) / MAX_CELLS;
        int columnStep = (values.dim(1) + MAX_CELLS - 1) / MAX_CELLS;
        int height = (values.dim(0) + rowStep - 1) / rowStep;
        int width = (values.dim(1) + columnStep - 1) / columnStep;
        BufferedImage map = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < height; i++) {
            double[] row = values.get(i * rowStep).toDoubles();
            for (int j = 0; j < width; j++) map.setRGB(j, i, colour(row[j * columnStep]));
        }
        return map;
    }

    private int colour(double v) {
        if (!Double.isFinite(v)) return GREY;
        double place = (max > min ? (v - min) / (max - min) : 0.5) * (COLOURS.length - 1);
        int below = Math.min((int) place, COLOURS.length - 2);
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int a = COLOURS[below] >> shift & 0xFF;
            int b = COLOURS[below + 1] >> shift & 0xFF;
            rgb |= (int) Math.round(a + (place - below) * (b - a)) << shift;
        }
        return 0xFF000000 | rgb;
    }

    /** The first images of a batch (images, channels, height, width) side by side. */
    private BufferedImage images(Tensor batch) {
        int shown = Math.min(batch.dim(0), MAX_IMAGES);
        int columns = (int) Math.ceil(Math.sqrt(shown));
        int height = batch.dim(2);
        int width = batch.dim(3);
        BufferedImage sheet = new BufferedImage(columns * (width + 1) - 1, (shown + columns - 1) / columns * (height + 1) - 1, BufferedImage.TYPE_INT_ARGB);
        for (int n = 0; n < shown; n++) paint(batch.get(n), sheet, n % columns * (width + 1), n / columns * (height + 1));
        return sheet;
    }

    private void paint(Tensor image, BufferedImage sheet, int left, int top) {
        double scale = values.dtype() == DType.UINT8 ? 1 : 255;
        int width = image.dim(2);
        double[][] channels = new double[3][];
        for (int c = 0; c < 3; c++) channels[c] = image.get(image.dim(0) == 1 ? 0 : c).toDoubles();
        for (int i = 0; i < image.dim(1) * width; i++) {
            int rgb = 0xFF;
            for (double[] channel : channels) rgb = rgb << 8 | (int) Math.round(channel[i] * scale);
            sheet.setRGB(left + i % width, top + i / width, rgb);
        }
    }
}
