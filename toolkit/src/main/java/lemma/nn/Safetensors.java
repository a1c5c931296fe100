package lemma.nn;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lemma.tensor.DType;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Named tensors in a file of the safetensors format: eight bytes with the length of a JSON header, the header, the elements. F16 and
 * BF16 are read as FLOAT32.
 *
 * <p>A file is read only if its header is whole, every tensor lies inside the file, and the tensors fill it without overlap.
 *
 * @see <a href="https://huggingface.co/docs/safetensors/index">The safetensors format</a>
 */
public final class Safetensors {
    private static final int LONGEST_HEADER = 100_000_000;

    private Safetensors() {}

    /** What a file holds. */
    public record File(Params params, Map<String, String> metadata) {}

    private record Entry(String name, String dtype, int[] shape, long from, long to) {}

    /** Writes {@code params} to {@code file}; an old file is replaced only when the new one is whole. */
    public static void write(Path file, Params params) {
        write(file, params, Map.of());
    }

    /** Writes {@code params} and text {@code metadata} to {@code file}; an old file is replaced only when the new one is whole. */
    public static void write(Path file, Params params, Map<String, String> metadata) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Path whole = Files.createTempFile(folder, file.getFileName().toString(), ".part");
            try {
                try (OutputStream out = Files.newOutputStream(whole)) {
                    byte[] header = header(params, metadata);
                    out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
                    out.write(header);
                    for (Tensor t : params.tensors()) out.write(bytes(t));
                }
                Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(whole);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Safetensors: cannot write " + file, e);
        }
    }

    private static byte[] header(Params params, Map<String, String> metadata) {
        JsonObject json = new JsonObject();
        Gson gson = new Gson();
        if (!metadata.isEmpty()) json.add("__metadata__", gson.toJsonTree(metadata));
        long from = 0;
        for (var e : params.asMap().entrySet()) {
            Tensor t = e.getValue();
            long to = from + t.size() * t.dtype().bytes();
            JsonObject entry = new JsonObject();
            entry.addProperty("dtype", code(t.dtype()));
            entry.add("shape", gson.toJsonTree(t.shape().dims()));
            entry.add("data_offsets", gson.toJsonTree(new long[] {from, to}));
            json.add(e.getKey(), entry);
            from = to;
        }
        String text = gson.toJson(json);
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return (text + " ".repeat((8 - length % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    }

    private static String code(DType type) {
        return switch (type) {
            case FLOAT32 -> "F32";
            case FLOAT64 -> "F64";
            case INT32 -> "I32";
            case INT64 -> "I64";
            case UINT8 -> "U8";
            case BOOL -> "BOOL";
            case COMPLEX64 -> "C64";
            case COMPLEX128 -> throw new IllegalArgumentException("Safetensors: the format has no COMPLEX128");
        };
    }

    private static byte[] bytes(Tensor t) {
        ByteBuffer b = ByteBuffer.allocate(Math.toIntExact(t.size() * t.dtype().bytes())).order(ByteOrder.LITTLE_ENDIAN);
        switch (t.dtype()) {
            case FLOAT32 -> b.asFloatBuffer().put(t.toFloats());
            case FLOAT64 -> b.asDoubleBuffer().put(t.toDoubles());
            case INT32 -> b.asIntBuffer().put(t.toInts());
            case INT64 -> b.asLongBuffer().put(t.toLongs());
            case UINT8 -> {
                for (int v : t.toInts()) b.put((byte) v);
            }
            case BOOL -> {
                for (boolean v : t.toBooleans()) b.put((byte) (v ? 1 : 0));
            }
            default -> throw new IllegalArgumentException("Safetensors: cannot write " + t.dtype());
        }
        return b.array();
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if the file is truncated or its header is wrong; the message says where
     */
    public static File read(Path file) {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = in.size();
            if (size < 8) throw bad(file, "it has " + size + " bytes, expected at least 8; it is truncated or something else");
            long length = read(in, 0, 8).getLong();
            if (length < 2 || length > LONGEST_HEADER || length > size - 8) throw bad(file, "its header should be " + length + " bytes, the file has " + size + "; it is truncated or something else");
            Map<String, String> metadata = new LinkedHashMap<>();
            List<Entry> entries = header(file, StandardCharsets.UTF_8.decode(read(in, 8, (int) length)).toString(), metadata);
            checkLayout(file, entries, size - 8 - length);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (Entry e : entries) tensors.put(e.name, tensor(file, e, read(in, 8 + length + e.from, (int) (e.to - e.from))));
            return new File(Params.of(tensors), metadata);
        } catch (IOException e) {
            throw new UncheckedIOException("Safetensors: cannot read " + file, e);
        }
    }

    /** The tensors of {@code file} for a model with {@code expected} parameters: every name must be there in the right shape. */
    public static Params read(Path file, Params expected) {
        Params found = read(file).params();
        return expected.mapNamed((name, t) -> {
            if (!found.has(name)) throw bad(file, "it has no '" + name + "'; it has " + found.names());
            Tensor f = found.get(name);
            if (!f.shape().equals(t.shape())) throw bad(file, "'" + name + "' has shape " + f.shape() + ", the model expects " + t.shape());
            return f.to(t.dtype());
        });
    }

    private static ByteBuffer read(FileChannel in, long at, int length) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (b.hasRemaining()) {
            if (in.read(b, at + b.position()) < 0) throw new EOFException("the file ended at byte " + (at + b.position()));
        }
        return b.flip();
    }

    private static List<Entry> header(Path file, String text, Map<String, String> metadata) {
        List<Entry> entries = new ArrayList<>();
        try (JsonReader json = new JsonReader(new StringReader(text))) {
            json.setNestingLimit(8);
            Map<String, Boolean> seen = new LinkedHashMap<>();
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                if (seen.put(name, true) != null) throw bad(file, "its header names '" + name + "' twice");
                if (name.equals("__metadata__")) {
                    json.beginObject();
                    while (json.hasNext()) metadata.put(json.nextName(), json.nextString());
                    json.endObject();
                } else {
                    entries.add(entry(file, name, json));
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) throw bad(file, "its header goes on after the closing brace");
            return entries;
        } catch (MalformedJsonException | EOFException | IllegalStateException | NumberFormatException e) {
            throw bad(file, "its header is not the JSON object that the format asks for: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Entry entry(Path file, String name, JsonReader json) throws IOException {
        String dtype = null;
        long[] shape = null;
        long[] offsets = null;
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "dtype" -> dtype = json.nextString();
                case "shape" -> shape = longs(json);
                case "data_offsets" -> offsets = longs(json);
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (dtype == null || shape == null || offsets == null || offsets.length != 2) throw bad(file, "'" + name + "' lacks dtype, shape or two data_offsets");
        int[] dims = new int[shape.length];
        for (int i = 0; i < dims.length; i++) {
            if (shape[i] < 0 || shape[i] > Integer.MAX_VALUE) throw bad(file, "'" + name + "' has an axis of length " + shape[i]);
            dims[i] = (int) shape[i];
        }
        return new Entry(name, dtype, dims, offsets[0], offsets[1]);
    }

    private static long[] longs(JsonReader json) throws IOException {
        List<Long> out = new ArrayList<>();
        json.beginArray();
        while (json.hasNext()) out.add(json.nextLong());
        json.endArray();
        return out.stream().mapToLong(Long::longValue).toArray();
    }

    private static void checkLayout(Path file, List<Entry> entries, long room) {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to));
        long at = 0;
        for (Entry e : sorted) {
            if (e.from != at || e.to < e.from || e.to > room) {
                throw bad(file, "'" + e.name + "' should lie at bytes " + e.from + " to " + e.to + ", expected to start at " + at + " and to end by " + room + "; the file is truncated or its header wrong");
            }
            long expected;
            try {
                expected = Math.multiplyExact(Shape.of(e.shape).size(), (long) width(file, e));
            } catch (ArithmeticException overflow) {
                throw bad(file, "'" + e.name + "' has more elements than a file can hold: " + Arrays.toString(e.shape));
            }
            if (expected != e.to - e.from) throw bad(file, "'" + e.name + "' of " + e.dtype + " " + Shape.of(e.shape) + " needs " + expected + " bytes, its offsets give " + (e.to - e.from));
            if (expected > Integer.MAX_VALUE - 8) throw bad(file, "'" + e.name + "' takes " + expected + " bytes; tensors above 2 GB are not read");
            at = e.to;
        }
        if (at != room) throw bad(file, "its tensors end at byte " + at + ", the file has " + room + " bytes of elements");
    }

    private static int width(Path file, Entry e) {
        return switch (e.dtype) {
            case "BOOL", "U8" -> 1;
            case "F16", "BF16" -> 2;
            case "F32", "I32" -> 4;
            case "F64", "I64" -> 8;
            default -> throw bad(file, "'" + e.name + "' has dtype " + e.dtype + ", which is not read; BOOL, U8, I32, I64, F16, BF16, F32 and F64 are");
        };
    }

    private static Tensor tensor(Path file, Entry e, ByteBuffer b) {
        int n = b.remaining() / width(file, e);
        return switch (e.dtype) {
            case "F32" -> {
                float[] v = new float[n];
                b.asFloatBuffer().get(v);
                yield Tensor.of(v).reshape(e.shape);
            }
            case "F64" -> {
                double[] v = new double[n];
                b.asDoubleBuffer().get(v);
                yield Tensor.of(v).reshape(e.shape);
            }
            case "I32" -> {
                int[] v = new int[n];
                b.asIntBuffer().get(v);
                yield Tensor.of(v).reshape(e.shape);
            }
            case "I64" -> {
                long[] v = new long[n];
                b.asLongBuffer().get(v);
                yield Tensor.of(v).reshape(e.shape);
            }
            case "F16" -> {
                float[] v = new float[n];
                for (int i = 0; i < n; i++) v[i] = Float.float16ToFloat(b.getShort());
                yield Tensor.of(v).reshape(e.shape);
            }
            case "BF16" -> {
                float[] v = new float[n];
                for (int i = 0; i < n; i++) v[i] = Float.intBitsToFloat(b.getShort() << 16);
                yield Tensor.of(v).reshape(e.shape);
            }
            default -> {
                byte[] v = new byte[n];
                b.get(v);
                Tensor t = Tensor.of(v).reshape(e.shape);
                yield e.dtype.equals("BOOL") ? t.ne(0) : t;
            }
        };
    }

    private static IllegalArgumentException bad(Path file, String what) {
        return new IllegalArgumentException("Safetensors: " + file + ": " + what);
    }
}
