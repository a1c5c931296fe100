package lemma.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lemma.tensor.Tensor;

/** The IDX files of MNIST and its kin, plain or packed by gzip. */
public final class Idx {
    private Idx() {}

    /**
     * The array in {@code file}: unsigned bytes as UINT8, other integers as INT32, floats as FLOAT32 or FLOAT64.
     *
     * @throws UncheckedIOException when the file is not there, not whole, or not IDX
     */
    public static Tensor read(Path file) {
        try {
            return IdxFormat.read(file.toString(), Files.readAllBytes(file)).tensor();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
