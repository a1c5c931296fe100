package lemma.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.IntStream;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * A NumPy file of which some rows are read at a time, for arrays larger than memory. The header is read at once, elements when they are asked for.
 *
 * <pre>{@code
 * NpyRows features = NpyRows.open(Path.of("features.npy"));
 * for (Tensor batch : features.batches(4096)) statistics.add(batch);
 * }</pre>
 */
public final class NpyRows {
    private static final int LONGEST_HEADER = 1 << 20;

    private final Path file;
    private final NpyFormat.Header header;
    private final long start;

    private NpyRows(Path file, NpyFormat.Header header, long start) {
        this.file = file;
        this.header = header;
        this.start = start;
    }

    /**
     * The file at {@code file}.
     *
     * @throws UncheckedIOException when it is not there, not whole, of another type, a scalar, or stored column by column
     */
    public static NpyRows open(Path file) {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer head = read(in, 0, (int) Math.min(in.size(), LONGEST_HEADER));
            NpyFormat.Header header = NpyFormat.header(file.toString(), head);
            header.checkBytes(file.toString(), in.size() - head.position());
            if (header.shape().length == 0 || header.fortranOrder()) throw new IOException(file + ": " + (header.fortranOrder() ? "is stored column by column" : "is a scalar") + " and has no rows to read in turn; Npy.read reads it whole");
            return new NpyRows(file, header, head.position());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** Shape of the whole array. */
    public Shape shape() {
        return Shape.of(header.shape());
    }

    /** How many rows it has. */
    public int count() {
        return header.shape()[0];
    }

    /** Rows {@code from} to {@code to}, the latter not included. */
    public Tensor rows(int from, int to) {
        if (from < 0 || to < from || to > count()) throw new IllegalArgumentException("NpyRows: rows " + from + " to " + to + " of " + file + ", which has " + count());
        int[] shape = header.shape().clone();
        shape[0] = 1;
        long width = Elements.size(shape);
        shape[0] = to - from;
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            int n = Math.toIntExact(width * (to - from));
            ByteBuffer bytes = read(in, start + from * width * header.width(), Math.multiplyExact(n, header.width()));
            return new Elements(shape, NpyFormat.values(header, bytes, n)).tensor();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** All rows in order, {@code rows} at a time, read when they are their turn. */
    public Iterable<Tensor> batches(int rows) {
        if (rows < 1) throw new IllegalArgumentException("NpyRows: batches of " + rows + " rows, expected at least 1");
        return () -> starts(rows);
    }

    private Iterator<Tensor> starts(int rows) {
        int batches = (count() + rows - 1) / rows;
        return IntStream.range(0, batches).mapToObj(i -> rows(i * rows, Math.min(count(), (i + 1) * rows))).iterator();
    }

    private static ByteBuffer read(FileChannel in, long at, int length) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(length);
        while (b.hasRemaining()) {
            if (in.read(b, at + b.position()) < 0) throw new EOFException("the file ended at byte " + (at + b.position()));
        }
        return b.flip();
    }

    @Override
    public String toString() {
        return "NpyRows[" + file + ", " + header.descr() + " " + Arrays.toString(header.shape()) + "]";
    }
}
