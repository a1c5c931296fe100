package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void aFileOfThePythonLibraryReadsWithEveryType() throws Exception {
        Safetensors.File f = Safetensors.read(Path.of(getClass().getResource("/lemma/nn/types.safetensors").toURI()));
        assertThat(f.metadata()).containsEntry("made by", "safetensors for Python");
        Params p = f.params();
        assertThat(p.get("f32").toFloats()).usingComparatorWithPrecision(0f).startsWith(0f, -0f, 1f, -2.5f, 65504f);
        assertThat(p.get("f16").dtype()).isEqualTo(DType.FLOAT32);
        assertThat(p.get("f16").toFloats()).containsExactly(0f, -0f, 1f, -2.5f, 65504f, Float.float16ToFloat((short) 1), Float.POSITIVE_INFINITY, Float.NaN, Float.float16ToFloat((short) 0x2e66));
        assertThat(p.get("bf16").toFloats()).containsSequence(1f, -2.5f, 65536f).endsWith(Float.intBitsToFloat(0x3dcd << 16));
        assertThat(p.get("u8").toInts()).containsExactly(0, 255);
        assertThat(p.get("i32").shape()).isEqualTo(Shape.of(2, 1));
        assertThat(p.get("bool").toBooleans()).containsExactly(true, false);
        assertThat(p.get("scalar").item()).isEqualTo(3.5);
        assertThat(p.get("empty").shape()).isEqualTo(Shape.of(0, 3));
    }

    @Test
    void whatIsWrittenIsReadBackToTheBit() {
        Path file = folder.resolve("m.safetensors");
        Model model = Sequential.of(Linear.of(5, 4), LayerNorm.of(4)).init(Random.seed(1));
        Params extra = model.params().with("d", Tensor.of(new double[] {Math.PI, Double.NaN})).with("i", Tensor.of(new int[] {-7})).with("l", Tensor.of(new long[] {1L << 40}))
                .with("b", Tensor.of(new boolean[] {true, false})).with("\u00fcnicode \"name\"", Tensor.of(new byte[] {-1}));
        Safetensors.write(file, extra, Map.of("note", "\u00e4"));
        Safetensors.File back = Safetensors.read(file);
        assertThat(back.metadata()).containsEntry("note", "\u00e4");
        assertThat(back.params().names()).isEqualTo(extra.names());
        for (String name : extra.names()) {
            assertThat(back.params().get(name).dtype()).isEqualTo(extra.get(name).dtype());
            assertThat(back.params().get(name).toArray()).isEqualTo(extra.get(name).toArray());
        }
    }

    @Test
    void aModelTakesOnlyParametersThatFit() {
        Path file = folder.resolve("m.safetensors");
        Params p = Linear.of(3, 2).params(Random.seed(1));
        Safetensors.write(file, p);
        assertThat(Safetensors.read(file, p).get("weight").toFloats()).isEqualTo(p.get("weight").toFloats());
        assertThatThrownBy(() -> Safetensors.read(file, Linear.of(4, 2).params(Random.seed(1)))).hasMessageContaining("'weight' has shape [2, 3], the model expects [2, 4]");
        assertThatThrownBy(() -> Safetensors.read(file, p.with("gamma", Tensor.ones(1)))).hasMessageContaining("no 'gamma'");
    }

    static Stream<Arguments> hostile() {
        String ok = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
        return Stream.of(
                Arguments.of("a header that is no JSON", "{\"a\":", new byte[0], "header is not"),
                Arguments.of("a list", "[1]", new byte[0], "header is not"),
                Arguments.of("offsets beyond the file", ok, new byte[2], "bytes 0 to 4"),
                Arguments.of("bytes left over", ok, new byte[8], "end at byte 4"),
                Arguments.of("a shape that does not fit", ok.replace("[1]", "[2]"), new byte[4], "needs 8 bytes"),
                Arguments.of("a negative axis", ok.replace("[1]", "[-1]"), new byte[4], "length -1"),
                Arguments.of("a product that overflows", ok.replace("[1]", "[2147483647,2147483647,2147483647]"), new byte[4], "more elements"),
                Arguments.of("an unknown type", ok.replace("F32", "F7"), new byte[4], "dtype F7"),
                Arguments.of("a name twice", ok.replace("}}", "},") + ok.substring(1), new byte[4], "twice"),
                Arguments.of("an overlap", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}", new byte[6], "expected to start at 4"),
                Arguments.of("missing fields", "{\"a\":{\"dtype\":\"F32\"}}", new byte[0], "lacks"),
                Arguments.of("deep nesting", "{\"a\":" + "[".repeat(5000) + "}", new byte[0], "header is not"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void aHostileHeaderIsRefusedWithItsReason(String what, String header, byte[] data, String message) throws IOException {
        Path file = write(header.getBytes(StandardCharsets.UTF_8), data);
        assertThatThrownBy(() -> Safetensors.read(file)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    @Test
    void everyTruncationOfAFileIsRefused() throws IOException {
        Path file = folder.resolve("whole.safetensors");
        Safetensors.write(file, Linear.of(3, 2).params(Random.seed(1)));
        byte[] whole = Files.readAllBytes(file);
        for (int n = 0; n < whole.length; n++) {
            Path cut = folder.resolve("cut.safetensors");
            Files.write(cut, Arrays.copyOf(whole, n));
            assertThatThrownBy(() -> Safetensors.read(cut)).as(n + " bytes").isInstanceOf(IllegalArgumentException.class).hasMessageContaining("cut.safetensors");
        }
    }

    @Test
    void damagedBytesOfTheHeaderNeverGiveAnythingButAnErrorOrTensors() throws IOException {
        Path file = folder.resolve("whole.safetensors");
        Safetensors.write(file, Linear.of(3, 2).params(Random.seed(1)));
        byte[] whole = Files.readAllBytes(file);
        int header = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        SplittableRandom random = new SplittableRandom(1);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(8 + header)] = (byte) random.nextInt(256);
            Path f = folder.resolve("damaged.safetensors");
            Files.write(f, damaged);
            try {
                Safetensors.read(f);
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    private Path write(byte[] header, byte[] data) throws IOException {
        Path file = folder.resolve("hostile.safetensors");
        ByteBuffer b = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header).put(data);
        Files.write(file, b.array());
        return file;
    }
}
