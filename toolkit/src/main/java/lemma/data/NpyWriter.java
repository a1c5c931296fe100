package lemma.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import lemma.tensor.Tensor;

/**
 * Writes a NumPy file of known length some rows at a time, for arrays larger than memory; {@link NpyRows} reads such a file likewise. What is
 * written has another name until {@link #close()}, so that a file under its own name is whole.
 *
 * <pre>{@code
 * try (NpyWriter out = NpyWriter.of(Path.of("features.npy"), 1_000_000)) {
 *     for (Tensor batch : batches) out.append(batch);
 * }
 * }</pre>
 */
public final class NpyWriter implements AutoCloseable {
    private final Path file;
    private final int rows;
    private Path part;
    private FileChannel out;
    private String descr;
    private int[] rowShape;
    private int written;

    private NpyWriter(Path file, int rows) {
        this.file = file;
        this.rows = rows;
    }

    /** A file of {@code rows} rows, whose type and other axes are those of the first tensor that is appended. */
    public static NpyWriter of(Path file, int rows) {
        if (rows < 1) throw new IllegalArgumentException("NpyWriter: " + rows + " rows, expected at least 1");
        return new NpyWriter(file, rows);
    }

    /**
     * The next rows.
     *
     * @throws IllegalArgumentException if type or shape of a row differ from those before, or there are more rows than announced
     */
    public void append(Tensor batch) {
        if (batch.rank() < 1 || batch.dim(0) > rows - written) throw new IllegalArgumentException("NpyWriter: " + batch.shape() + " appended after " + written + " of " + rows + " rows of " + file);
        Object values = Elements.of(batch).values();
        int[] shape = batch.shape().dims();
        int[] row = Arrays.copyOfRange(shape, 1, shape.length);
        try {
            if (out == null) begin(NpyFormat.descr(values), row);
            if (!Arrays.equals(row, rowShape) || !descr.equals(NpyFormat.descr(values))) {
                throw new IllegalArgumentException("NpyWriter: rows of " + file + " are " + descr + " " + Arrays.toString(rowShape) + ", got " + NpyFormat.descr(values) + " " + Arrays.toString(row));
            }
            write(NpyFormat.bytes(values));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        written += batch.dim(0);
    }

    private void begin(String type, int[] row) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        part = Files.createTempFile(folder, file.getFileName().toString(), ".part");
        out = FileChannel.open(part, StandardOpenOption.WRITE);
        descr = type;
        rowShape = row;
        int[] shape = new int[row.length + 1];
        shape[0] = rows;
        System.arraycopy(row, 0, shape, 1, row.length);
        write(NpyFormat.headerOf(type, shape));
    }

    private void write(byte[] bytes) throws IOException {
        for (ByteBuffer left = ByteBuffer.wrap(bytes); left.hasRemaining();) out.write(left);
    }

    /**
     * Puts the file in its place.
     *
     * @throws IllegalStateException if rows are missing; nothing is left then
     */
    @Override
    public void close() {
        try {
            if (out != null) out.close();
            if (written == rows) Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            else if (part != null) Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        if (written < rows) throw new IllegalStateException("NpyWriter: " + file + " got " + written + " of " + rows + " rows and is not written");
    }
}
