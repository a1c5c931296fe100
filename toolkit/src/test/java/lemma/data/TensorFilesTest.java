package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lemma.tensor.DType;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorFilesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"float32, FLOAT32", "float64, FLOAT64", "fortran, FLOAT64", "int32, INT32", "int64, INT64", "uint8, UINT8", "bool, BOOL"})
    void npyTypesAndShapes(String file, DType dtype) throws Exception {
        Tensor read = Npy.read(fixture(file + ".npy"));
        assertThat(read.dtype()).isEqualTo(dtype);
        assertThat(read.shape().dims()).containsExactly(2, 3, 4);
    }

    @ParameterizedTest
    @CsvSource({"float32", "float64", "int32", "int64", "uint8", "bool", "scalar", "vector", "empty"})
    void writingATensorGivesNumPysFile(String file) throws Exception {
        Path written = folder.resolve("x.npy");
        Npy.write(written, Npy.read(fixture(file + ".npy")));
        assertThat(written).hasSameBinaryContentAs(fixture(file + ".npy"));
    }

    @Test
    void aViewIsWrittenInItsOwnOrder() throws Exception {
        Npy.write(folder.resolve("x.npy"), Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3).t());
        Tensor read = Npy.read(folder.resolve("x.npy"));
        assertThat(read.shape().dims()).containsExactly(3, 2);
        assertThat(read.toDoubles()).containsExactly(1, 4, 2, 5, 3, 6);
    }

    @ParameterizedTest
    @CsvSource({"float32", "float64", "int32", "int64", "uint8", "bool"})
    void rowsWrittenInTurnGiveNumPysFile(String file) throws Exception {
        Tensor whole = Npy.read(fixture(file + ".npy"));
        Path written = folder.resolve("deeper/x.npy");
        try (NpyWriter out = NpyWriter.of(written, 2)) {
            out.append(whole.narrow(0, 0, 1));
            assertThat(written).doesNotExist();
            out.append(whole.narrow(0, 1, 2));
        }
        assertThat(written).hasSameBinaryContentAs(fixture(file + ".npy"));
        assertThat(written.getParent()).isDirectoryContaining(f -> f.equals(written)).isDirectoryNotContaining(f -> f.toString().endsWith(".part"));
    }

    @ParameterizedTest
    @CsvSource({"float32", "float64", "int32", "int64", "uint8", "bool", "vector"})
    void rowsOfNumPysFileInTurn(String file) throws Exception {
        Tensor whole = Npy.read(fixture(file + ".npy"));
        NpyRows rows = NpyRows.open(fixture(file + ".npy"));
        assertThat(rows.shape()).isEqualTo(whole.shape());
        List<Tensor> batches = new ArrayList<>();
        rows.batches(1).forEach(batches::add);
        assertThat(batches).hasSize(whole.dim(0));
        assertThat(Tensor.concat(batches, 0).to(DType.FLOAT64).toDoubles()).containsExactly(whole.to(DType.FLOAT64).toDoubles());
        assertThat(rows.rows(1, whole.dim(0)).toDoubles()).containsExactly(whole.narrow(0, 1, whole.dim(0)).toDoubles());
    }

    @Test
    void rowsThatAreMissingOrDoNotFitAreSaid() throws Exception {
        Path file = folder.resolve("x.npy");
        NpyWriter out = NpyWriter.of(file, 3);
        out.append(Tensor.of(new double[] {1, 2}, 1, 2));
        assertThatThrownBy(() -> out.append(Tensor.of(new double[] {1, 2, 3}, 1, 3))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[2], got <f8 [3]");
        assertThatThrownBy(() -> out.append(Tensor.of(new float[] {1, 2}, 1, 2))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("<f4");
        assertThatThrownBy(() -> out.append(Tensor.zeros(3, 2))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("after 1 of 3 rows");
        assertThatThrownBy(out::close).isInstanceOf(IllegalStateException.class).hasMessageContaining("got 1 of 3 rows");
        assertThat(folder).isEmptyDirectory();
        assertThatThrownBy(() -> NpyRows.open(file)).isInstanceOf(UncheckedIOException.class).hasMessageContaining("x.npy");
        assertThatThrownBy(() -> NpyRows.open(fixture("fortran.npy"))).hasMessageContaining("column by column");
        assertThatThrownBy(() -> NpyRows.open(fixture("scalar.npy"))).hasMessageContaining("scalar");
        assertThatThrownBy(() -> NpyRows.open(fixture("float32.npy")).rows(1, 3)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("rows 1 to 3").hasMessageContaining("has 2");
    }

    @ParameterizedTest
    @CsvSource({"plain", "compressed"})
    void npzOfNumPy(String file) throws Exception {
        Map<String, Tensor> arrays = Npz.read(fixture(file + ".npz"));
        assertThat(arrays.keySet()).containsExactly("weight", "label");
        assertThat(arrays.get("weight").shape().dims()).containsExactly(2, 3, 4);
        assertThat(arrays.get("label").toLongs()).containsExactly(3, 1, 2);
    }

    @Test
    void npzRoundTripWithTheSameBytesEachTime() throws Exception {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("b", Tensor.of(new float[] {1, 2}));
        arrays.put("a", Tensor.of(new boolean[] {true, false, true}));
        Npz.write(folder.resolve("1.npz"), arrays);
        Npz.write(folder.resolve("2.npz"), arrays);
        Map<String, Tensor> read = Npz.read(folder.resolve("1.npz"));
        assertThat(read.keySet()).containsExactly("b", "a");
        assertThat(read.get("a").toBooleans()).containsExactly(true, false, true);
        assertThat(folder.resolve("1.npz")).hasSameBinaryContentAs(folder.resolve("2.npz"));
    }

    @Test
    void idxAsUnsignedBytes() throws Exception {
        Path file = Files.write(folder.resolve("x-idx2"), HexFormat.of().parseHex("00000802000000010000000201ff"));
        Tensor read = Idx.read(file);
        assertThat(read.dtype()).isEqualTo(DType.UINT8);
        assertThat(read.toInts()).containsExactly(1, 255);
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = folder.resolve("none.npy");
        assertThatThrownBy(() -> Npy.read(missing)).isInstanceOf(UncheckedIOException.class).hasMessageContaining(missing.toString());
        assertThatThrownBy(() -> Npz.read(missing)).isInstanceOf(UncheckedIOException.class).hasMessageContaining(missing.toString());
        assertThatThrownBy(() -> Idx.read(missing)).isInstanceOf(UncheckedIOException.class).hasMessageContaining(missing.toString());
        assertThatThrownBy(() -> Datasets.csv(missing, "x")).isInstanceOf(UncheckedIOException.class).hasMessageContaining(missing.toString());
    }

    @Test
    void csvWithItsTarget() throws Exception {
        Path file = Files.writeString(folder.resolve("fruit.csv"), "weight,kind\n1.5,pear\n2,apple\n");
        Dataset fruit = Datasets.csv(file, "kind");
        assertThat(fruit.x().toFloats()).containsExactly(1.5f, 2f);
        assertThat(fruit.y().toLongs()).containsExactly(1, 0);
        assertThat(fruit.classes()).containsExactly("apple", "pear");
    }

    private static Path fixture(String name) throws URISyntaxException {
        return Path.of(TensorFilesTest.class.getResource("npy/" + name).toURI());
    }
}
