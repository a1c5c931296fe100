package lemma.data;

import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The NPY format, versions 1.0 to 3.0; written files equal those of {@code numpy.save} byte for byte.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">numpy.lib.format</a>
 */
final class NpyFormat {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern HEADER = Pattern.compile(
            "\\{\\s*'descr':\\s*'([^']*)',\\s*'fortran_order':\\s*(True|False),\\s*'shape':\\s*\\(([\\d, ]*)\\),?\\s*\\}\\s*", Pattern.DOTALL);
    private static final int ALIGNMENT = 64;
    private static final int GROWTH = 21; // NumPy leaves room for the longest first axis

    private NpyFormat() {}

    /** @throws IOException when {@code file} is not a whole NPY file of a supported type; {@code name} stands in the message */
    static Elements read(String name, byte[] file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(file);
        Header header = header(name, in);
        long size = size(name, header.shape);
        header.checkBytes(name, in.remaining());
        Elements elements = new Elements(header.shape, values(header, in, (int) size));
        return header.fortranOrder ? elements.fromFortranOrder() : elements;
    }

    static byte[] write(Elements elements) {
        byte[] header = headerOf(descr(elements.values()), elements.shape());
        byte[] body = bytes(elements.values());
        byte[] file = Arrays.copyOf(header, Math.addExact(header.length, body.length));
        System.arraycopy(body, 0, file, header.length, body.length);
        return file;
    }

    /** The elements as they stand in a file. */
    static byte[] bytes(Object values) {
        int n = Array.getLength(values);
        ByteBuffer out = ByteBuffer.allocate(Math.multiplyExact(n, descr(values).charAt(2) - '0')).order(ByteOrder.LITTLE_ENDIAN);
        switch (values) {
            case float[] v -> out.asFloatBuffer().put(v);
            case double[] v -> out.asDoubleBuffer().put(v);
            case int[] v -> out.asIntBuffer().put(v);
            case long[] v -> out.asLongBuffer().put(v);
            case byte[] v -> out.put(v);
            case boolean[] v -> {
                for (boolean b : v) out.put((byte) (b ? 1 : 0));
            }
            default -> throw new IllegalArgumentException("no NPY type for " + values.getClass().getSimpleName());
        }
        return out.array();
    }

    /** What stands before the elements: their type as NumPy writes it, order, shape, and the bytes of one. */
    record Header(String descr, boolean fortranOrder, int[] shape, int width) {
        private String type() {
            return descr.substring(1);
        }

        private ByteOrder order() {
            return descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        }

        void checkBytes(String name, long room) throws IOException {
            long needed = Elements.size(shape) * width;
            if (room != needed) throw new IOException(name + ": shape " + Arrays.toString(shape) + " of " + descr + " takes " + needed + " bytes, the file has " + room);
        }
    }

    /** The header at the beginning of {@code in}, which then stands at the first element. */
    static Header header(String name, ByteBuffer in) throws IOException {
        Matcher header = matched(name, in.order(ByteOrder.LITTLE_ENDIAN));
        String descr = header.group(1);
        int width = width(name, descr, descr.isEmpty() ? "" : descr.substring(1));
        return new Header(descr, header.group(2).equals("True"), shape(name, header.group(3)), width);
    }

    private static Matcher matched(String name, ByteBuffer in) throws IOException {
        byte[] magic = new byte[MAGIC.length];
        if (in.remaining() < 12) throw new IOException(name + ": " + in.remaining() + " bytes are too few for an NPY file");
        in.get(magic);
        if (!Arrays.equals(magic, MAGIC)) throw new IOException(name + ": not an NPY file, it does not begin with \\x93NUMPY");
        int version = in.get();
        in.get();
        if (version < 1 || version > 3) throw new IOException(name + ": NPY version " + version + ", expected 1, 2 or 3");
        int length = version == 1 ? Short.toUnsignedInt(in.getShort()) : in.getInt();
        if (length < 0 || length > in.remaining()) throw new IOException(name + ": the header claims " + Integer.toUnsignedString(length) + " bytes, the file has " + in.remaining() + " more");
        byte[] text = new byte[length];
        in.get(text);
        String header = new String(text, StandardCharsets.UTF_8);
        Matcher matcher = HEADER.matcher(header);
        if (!matcher.matches()) throw new IOException(name + ": header " + header.strip() + " is not {'descr': TYPE, 'fortran_order': BOOL, 'shape': TUPLE}; structured types are not read");
        return matcher;
    }

    private static int[] shape(String name, String tuple) throws IOException {
        String digits = tuple.replace(" ", "");
        if (digits.isEmpty()) return new int[0];
        try {
            return Arrays.stream(digits.split(",")).mapToInt(Integer::parseInt).toArray();
        } catch (NumberFormatException e) {
            throw new IOException(name + ": shape (" + tuple + ") has an axis that is not a number below 2^31", e);
        }
    }

    private static long size(String name, int[] shape) throws IOException {
        try {
            long size = Elements.size(shape);
            if (size <= Integer.MAX_VALUE - 8) return size;
        } catch (ArithmeticException e) {
            throw new IOException(name + ": shape " + Arrays.toString(shape) + " overflows", e);
        }
        throw new IOException(name + ": shape " + Arrays.toString(shape) + " has more elements than a Java array holds");
    }

    private static int width(String name, String descr, String type) throws IOException {
        return switch (type) {
            case "f4", "i4" -> 4;
            case "f8", "i8" -> 8;
            case "u1", "b1" -> 1;
            case "O" -> throw new IOException(name + ": holds Python objects, which are never unpickled; save it with a numeric dtype");
            default -> throw new IOException(name + ": dtype '" + descr + "' is not read, expected float32, float64, int32, int64, uint8 or bool; convert it with astype");
        };
    }

    /** The next {@code n} elements. */
    static Object values(Header header, ByteBuffer in, int n) {
        in.order(header.order());
        return switch (header.type()) {
            case "f4" -> {
                float[] v = new float[n];
                in.asFloatBuffer().get(v);
                yield v;
            }
            case "f8" -> {
                double[] v = new double[n];
                in.asDoubleBuffer().get(v);
                yield v;
            }
            case "i4" -> {
                int[] v = new int[n];
                in.asIntBuffer().get(v);
                yield v;
            }
            case "i8" -> {
                long[] v = new long[n];
                in.asLongBuffer().get(v);
                yield v;
            }
            case "u1" -> {
                byte[] v = new byte[n];
                in.get(v);
                yield v;
            }
            default -> {
                boolean[] v = new boolean[n];
                for (int i = 0; i < n; i++) v[i] = in.get() != 0;
                yield v;
            }
        };
    }

    static String descr(Object values) {
        return switch (values) {
            case float[] v -> "<f4";
            case double[] v -> "<f8";
            case int[] v -> "<i4";
            case long[] v -> "<i8";
            case byte[] v -> "|u1";
            case boolean[] v -> "|b1";
            default -> throw new IllegalArgumentException("no NPY type for " + values.getClass().getSimpleName());
        };
    }

    static byte[] headerOf(String descr, int[] shape) {
        String tuple = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        if (shape.length == 1) tuple += ",";
        String dict = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + tuple + "), }";
        if (shape.length > 0) dict += " ".repeat(GROWTH - Integer.toString(shape[0]).length());
        int prefix = MAGIC.length + 4;
        int padding = ALIGNMENT - (prefix + dict.length() + 1) % ALIGNMENT;
        byte[] text = (dict + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(prefix + text.length).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) text.length).put(text).array();
    }
}
