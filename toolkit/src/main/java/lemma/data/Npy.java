package lemma.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lemma.tensor.Tensor;

/**
 * NumPy's array files ({@code numpy.save}, {@code numpy.load}): float32, float64, int32, int64, uint8 and bool, in either byte order,
 * row by row or column by column. Written files equal NumPy's byte for byte.
 */
public final class Npy {
    private Npy() {}

    /**
     * The array in {@code file}.
     *
     * @throws UncheckedIOException when the file is not there, not whole, or of another type
     */
    public static Tensor read(Path file) {
        try {
            return NpyFormat.read(file.toString(), Files.readAllBytes(file)).tensor();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /**
     * Writes {@code tensor} to {@code file}, in place of one that is there.
     *
     * @throws IllegalArgumentException for a complex tensor
     */
    public static void write(Path file, Tensor tensor) {
        byte[] bytes = NpyFormat.write(Elements.of(tensor));
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
