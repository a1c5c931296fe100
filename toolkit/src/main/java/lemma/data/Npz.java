package lemma.data;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import lemma.tensor.Tensor;

/** NumPy's archives of named arrays ({@code numpy.savez}, {@code numpy.savez_compressed}). */
public final class Npz {
    private static final String SUFFIX = ".npy";
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0); // the same arrays give the same bytes

    private Npz() {}

    /**
     * The arrays in {@code file} by name, in the order of the archive.
     *
     * @throws UncheckedIOException when the file is not there, not a zip archive, or holds something other than arrays
     */
    public static Map<String, Tensor> read(Path file) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements();) {
                ZipEntry entry = entries.nextElement();
                String name = entry.getName();
                if (!name.endsWith(SUFFIX)) throw new IOException(file + ": holds " + name + ", expected only names that end in " + SUFFIX);
                byte[] bytes = zip.getInputStream(entry).readAllBytes();
                arrays.put(name.substring(0, name.length() - SUFFIX.length()), NpyFormat.read(file + "/" + name, bytes).tensor());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        return Collections.unmodifiableMap(arrays);
    }

    /**
     * Writes {@code arrays} to {@code file}, compressed, in place of one that is there.
     *
     * @throws IllegalArgumentException for a complex tensor
     */
    public static void write(Path file, Map<String, Tensor> arrays) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        arrays.forEach((name, tensor) -> entries.put(name + SUFFIX, NpyFormat.write(Elements.of(tensor))));
        try (OutputStream out = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry head = new ZipEntry(entry.getKey());
                head.setTimeLocal(EPOCH);
                zip.putNextEntry(head);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
