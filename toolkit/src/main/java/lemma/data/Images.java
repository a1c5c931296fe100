package lemma.data;

import java.util.List;
import lemma.display.Bundle;
import lemma.display.Rich;
import lemma.tensor.DType;
import lemma.tensor.Tensor;
import lemma.train.TrainingData;

/**
 * Labelled images.
 *
 * @param name short name
 * @param x FLOAT32 (images, channels, height, width), 0 to 1
 * @param y labels, INT64 (images)
 * @param classes the name of each label
 * @param source where the images come from
 */
public record Images(String name, Tensor x, Tensor y, List<String> classes, Source source) implements Rich {
    private static final int SHOWN = 16;

    /** @throws IllegalArgumentException when the shapes do not belong together or a label has no class */
    public Images {
        classes = List.copyOf(classes);
        if (x.rank() != 4 || x.dtype() != DType.FLOAT32) throw new IllegalArgumentException(name + ": x is " + x.dtype() + " " + x.shape() + ", expected FLOAT32 (images, channels, height, width)");
        if (y.rank() != 1 || y.dtype() != DType.INT64 || y.dim(0) != x.dim(0)) throw new IllegalArgumentException(name + ": y is " + y.dtype() + " " + y.shape() + ", expected INT64 (" + x.dim(0) + ")");
        for (long label : y.toLongs()) {
            if (label < 0 || label >= classes.size()) throw new IllegalArgumentException(name + ": label " + label + ", expected 0 to " + (classes.size() - 1));
        }
    }

    /** Images whose grey levels are bytes, (images, channels, height, width): 255 becomes 1. */
    static Images ofBytes(String name, Tensor pixels, Tensor labels, List<String> classes, Source source) {
        return new Images(name, pixels.to(DType.FLOAT32).div(255), labels.to(DType.INT64), classes, source);
    }

    /** {@link #x} and {@link #y} for a {@link lemma.train.Trainer}. */
    public TrainingData examples() {
        return TrainingData.of(x, y);
    }

    /** Number of images. */
    public int size() {
        return x.dim(0);
    }

    @Override
    public Bundle bundle() {
        if (size() == 0) return Bundle.text(toString());
        Object some = x.narrow(0, 0, Math.min(size(), SHOWN)).bundle().data().get(Bundle.HTML);
        return Bundle.text(toString()).with(Bundle.HTML, "<div>" + this + "</div>\n" + some);
    }

    @Override
    public String toString() {
        return name + ": " + source.title() + "; " + size() + " images of shape (" + x.dim(1) + ", " + x.dim(2) + ", " + x.dim(3) + "), " + classes.size() + " classes";
    }
}
