package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against files that NumPy wrote (make_npy.py); all but the small ones hold the ramp 0..23 in shape (2, 3, 4), scaled. */
class NpyFormatTest {
    private static final int[] SHAPE = {2, 3, 4};

    @ParameterizedTest
    @ValueSource(strings = {"float64.npy", "fortran.npy"})
    void float64InEitherOrder(String file) throws IOException {
        Elements read = read(file);
        assertThat(read.shape()).containsExactly(SHAPE);
        assertThat((double[]) read.values()).containsExactly(IntStream.range(0, 24).mapToDouble(i -> i / 8.0 - 1).toArray());
    }

    @Test
    void float32() throws IOException {
        float[] values = (float[]) read("float32.npy").values();
        for (int i = 0; i < 24; i++) assertThat(values[i]).isEqualTo(i / 8f - 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"int32.npy", "big-endian.npy", "version2.npy", "version3.npy"})
    void int32InEitherByteOrderAndEachVersion(String file) throws IOException {
        Elements read = read(file);
        assertThat(read.shape()).containsExactly(SHAPE);
        assertThat((int[]) read.values()).containsExactly(IntStream.range(-12, 12).toArray());
    }

    @Test
    void int64() throws IOException {
        assertThat((long[]) read("int64.npy").values()).containsExactly(IntStream.range(-12, 12).mapToLong(i -> i * 10_000_000_000L).toArray());
    }

    @Test
    void uint8() throws IOException {
        byte[] values = (byte[]) read("uint8.npy").values();
        for (int i = 0; i < 24; i++) assertThat(Byte.toUnsignedInt(values[i])).isEqualTo(11 * i);
    }

    @Test
    void bool() throws IOException {
        boolean[] values = (boolean[]) read("bool.npy").values();
        for (int i = 0; i < 24; i++) assertThat(values[i]).isEqualTo(i % 3 == 0);
    }

    @Test
    void scalarVectorAndEmpty() throws IOException {
        assertThat(read("scalar.npy").shape()).isEmpty();
        assertThat((double[]) read("scalar.npy").values()).containsExactly(2.5);
        assertThat((float[]) read("vector.npy").values()).containsExactly(1.5f, Float.NaN, Float.NEGATIVE_INFINITY, -0f);
        assertThat(read("empty.npy").shape()).containsExactly(0, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32.npy", "float64.npy", "int32.npy", "int64.npy", "uint8.npy", "bool.npy", "scalar.npy", "vector.npy", "empty.npy"})
    void whatIsWrittenEqualsNumPysFileByteForByte(String file) throws IOException {
        assertThat(NpyFormat.write(read(file))).isEqualTo(bytes(file));
    }

    @Test
    void otherTypesAreNamed() {
        assertThatThrownBy(() -> read("int16.npy")).isInstanceOf(IOException.class).hasMessage(
                "int16.npy: dtype '<i2' is not read, expected float32, float64, int32, int64, uint8 or bool; convert it with astype");
        assertThatThrownBy(() -> read("object.npy")).isInstanceOf(IOException.class).hasMessageContaining("never unpickled");
    }

    @Test
    void aTruncatedFileSaysHowMuchIsThere() throws IOException {
        byte[] whole = bytes("int32.npy");
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);
        assertThatThrownBy(() -> NpyFormat.read("cut.npy", cut)).isInstanceOf(IOException.class)
                .hasMessage("cut.npy: shape [2, 3, 4] of <i4 takes 96 bytes, the file has 95");
    }

    @Test
    void anotherFileIsNotTakenForOne() {
        assertThatThrownBy(() -> NpyFormat.read("x.npy", "weight,size\n1,2\n".getBytes(StandardCharsets.US_ASCII))).isInstanceOf(IOException.class)
                .hasMessage("x.npy: not an NPY file, it does not begin with \\x93NUMPY");
        assertThatThrownBy(() -> NpyFormat.read("x.npy", new byte[3])).isInstanceOf(IOException.class).hasMessageContaining("3 bytes are too few");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(99999999999,)", "(65536, 65536, 65536, 65536)", "(70000, 70000)", "(3, 4)"})
    void aShapeThatDoesNotFitIsAnError(String shape) {
        byte[] file = withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }");
        assertThatThrownBy(() -> NpyFormat.read("x.npy", file)).isInstanceOf(IOException.class).hasMessageStartingWith("x.npy: shape ");
    }

    @Test
    void aStructuredTypeIsAnError() {
        byte[] file = withHeader("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }");
        assertThatThrownBy(() -> NpyFormat.read("x.npy", file)).isInstanceOf(IOException.class).hasMessageContaining("structured types are not read");
    }

    @Test
    void aHeaderLongerThanTheFileIsAnError() {
        byte[] file = withHeader("{}");
        file[9] = (byte) 0xff;
        assertThatThrownBy(() -> NpyFormat.read("x.npy", file)).isInstanceOf(IOException.class).hasMessageContaining("the header claims 65282 bytes");
    }

    private static byte[] withHeader(String header) {
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        byte[] file = new byte[10 + text.length];
        System.arraycopy(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0}, 0, file, 0, 10);
        System.arraycopy(text, 0, file, 10, text.length);
        return file;
    }

    private static Elements read(String file) throws IOException {
        return NpyFormat.read(file, bytes(file));
    }

    private static byte[] bytes(String file) throws IOException {
        try (InputStream in = NpyFormatTest.class.getResourceAsStream("npy/" + file)) {
            return in.readAllBytes();
        }
    }
}
