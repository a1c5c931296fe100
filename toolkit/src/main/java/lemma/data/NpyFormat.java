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
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        Matcher header = header(name, in);
        String descr = header.group(1);
        int[] shape = shape(name, header.group(3));
        long size = size(name, shape);
        char order = descr.isEmpty() ? '?' : descr.charAt(0);
        String type = descr.isEmpty() ? "" : descr.substring(1);
        int width = width(name, descr, type);
        if (in.remaining() != size * width) {
            throw new IOException(name + ": shape " + Arrays.toString(shape) + " of " + descr + " takes " + size * width + " bytes, the file has " + in.remaining());
        }
        in.order(order == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        Elements elements = new Elements(shape, values(type, in, (int) size));
        return header.group(2).equals("True") ? elements.fromFortranOrder() : elements;
    }

    static byte[] write(Elements elements) {
        byte[] header = headerOf(elements);
        int n = Array.getLength(elements.values());
        String descr = descr(elements.values());
        ByteBuffer out = ByteBuffer.allocate(Math.addExact(header.length, Math.multiplyExact(n, descr.charAt(2) - '0'))).order(ByteOrder.LITTLE_ENDIAN);
        out.put(header);
        switch (elements.values()) {
            case float[] v -> out.asFloatBuffer().put(v);
            case double[] v -> out.asDoubleBuffer().put(v);
            case int[] v -> out.asIntBuffer().put(v);
            case long[] v -> out.asLongBuffer().put(v);
            case byte[] v -> out.put(v);
            case boolean[] v -> {
                for (boolean b : v) out.put((byte) (b ? 1 : 0));
            }
            default -> throw new IllegalArgumentException("no NPY type for " + elements.values().getClass().getSimpleName());
        }
        return out.array();
    }

    private static Matcher header(String name, ByteBuffer in) throws IOException {
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

    private static Object values(String type, ByteBuffer in, int n) {
        return switch (type) {
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

    private static String descr(Object values) {
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

    private static byte[] headerOf(Elements elements) {
        int[] shape = elements.shape();
        String tuple = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        if (shape.length == 1) tuple += ",";
        String dict = "{'descr': '" + descr(elements.values()) + "', 'fortran_order': False, 'shape': (" + tuple + "), }";
        if (shape.length > 0) dict += " ".repeat(GROWTH - Integer.toString(shape[0]).length());
        int prefix = MAGIC.length + 4;
        int padding = ALIGNMENT - (prefix + dict.length() + 1) % ALIGNMENT;
        byte[] text = (dict + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(prefix + text.length).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) text.length).put(text).array();
    }
}
