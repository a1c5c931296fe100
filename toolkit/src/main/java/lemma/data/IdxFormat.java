package lemma.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * The IDX format of the MNIST files: two zero bytes, a type, the rank, the axes as big-endian int32, the elements row by row. A file that
 * gzip has packed is unpacked.
 *
 * @see <a href="http://yann.lecun.com/exdb/mnist/">LeCun, Cortes, Burges: the MNIST database, file formats</a>
 */
final class IdxFormat {
    private IdxFormat() {}

    /** @throws IOException when {@code file} is not a whole IDX file; {@code name} stands in the message */
    static Elements read(String name, byte[] file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(unpacked(name, file));
        if (in.remaining() < 4 || in.getShort() != 0) throw new IOException(name + ": not an IDX file, it does not begin with two zero bytes");
        int type = in.get();
        int rank = Byte.toUnsignedInt(in.get());
        if (in.remaining() < 4 * rank) throw new IOException(name + ": the header claims " + rank + " axes, the file has " + in.remaining() + " more bytes");
        int[] shape = new int[rank];
        for (int axis = 0; axis < rank; axis++) shape[axis] = in.getInt();
        int n = size(name, shape, width(name, type), in.remaining());
        return new Elements(shape, values(type, in, n));
    }

    private static byte[] unpacked(String name, byte[] file) throws IOException {
        boolean packed = file.length > 1 && file[0] == 0x1f && file[1] == (byte) 0x8b;
        if (!packed) return file;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IOException(name + ": the gzip data are damaged (" + e.getMessage() + ")", e);
        }
    }

    private static int size(String name, int[] shape, int width, int bytes) throws IOException {
        try {
            long size = Arrays.stream(shape).anyMatch(n -> n < 0) ? -1 : Elements.size(shape);
            if (Math.multiplyExact(size, width) == bytes) return (int) size;
        } catch (ArithmeticException e) {
            throw new IOException(name + ": shape " + Arrays.toString(shape) + " overflows", e);
        }
        throw new IOException(name + ": shape " + Arrays.toString(shape) + " of " + width + "-byte elements does not fit the " + bytes + " bytes after the header");
    }

    private static int width(String name, int type) throws IOException {
        return switch (type) {
            case 0x08, 0x09 -> 1;
            case 0x0B -> 2;
            case 0x0C, 0x0D -> 4;
            case 0x0E -> 8;
            default -> throw new IOException(name + ": IDX type 0x" + Integer.toHexString(type & 0xff) + ", expected 08, 09, 0b, 0c, 0d or 0e");
        };
    }

    private static Object values(int type, ByteBuffer in, int n) {
        return switch (type) {
            case 0x08 -> {
                byte[] v = new byte[n];
                in.get(v);
                yield v;
            }
            case 0x0D -> {
                float[] v = new float[n];
                in.asFloatBuffer().get(v);
                yield v;
            }
            case 0x0E -> {
                double[] v = new double[n];
                in.asDoubleBuffer().get(v);
                yield v;
            }
            default -> {
                int[] v = new int[n];
                for (int i = 0; i < n; i++) v[i] = type == 0x09 ? in.get() : type == 0x0B ? in.getShort() : in.getInt();
                yield v;
            }
        };
    }
}
