package lemma.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import lemma.data.Npy;
import lemma.data.Npz;
import lemma.nn.Params;
import lemma.nn.Safetensors;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureFileTest {
    private static final Tensor X = Tensor.of(new double[][] {{1, -2.5, 3e-7}, {0, 4, 1e30}});

    @TempDir
    private Path folder;

    @Test
    void theSameMatrixFromEveryKindOfFile() throws IOException {
        Npy.write(folder.resolve("x.npy"), X);
        Npz.write(folder.resolve("x.npz"), Map.of("features", X));
        Safetensors.write(folder.resolve("x.safetensors"), Params.of("features", X));
        Files.writeString(folder.resolve("x.csv"), "1,-2.5,3e-7\n0,4.0,1E30\n");
        Files.writeString(folder.resolve("named.CSV"), "a,b,c\n1,-2.5,3e-7\n0,4.0,1E30\n");
        for (String name : new String[] {"x.npy", "x.npz", "x.safetensors", "x.csv", "named.CSV"}) {
            Tensor read = Probe.read(folder.resolve(name));
            assertThat(read.shape()).as(name).isEqualTo(X.shape());
            assertThat(read.toDoubles()).as(name).containsExactly(X.toDoubles());
        }
    }

    @Test
    void oneOfSeveralArraysIsAskedForByName() {
        Path file = folder.resolve("two.npz");
        Npz.write(file, Map.of("a", X, "b", X.mul(2)));
        assertThat(Probe.read(file, "b").toDoubles()).containsExactly(X.mul(2).toDoubles());
        assertThatThrownBy(() -> Probe.read(file)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("give the name of one");
        assertThatThrownBy(() -> Probe.read(file, "c")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no 'c'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.txt", "x", "x.pt"})
    void otherFilesAreRefused(String name) {
        assertThatThrownBy(() -> Probe.read(folder.resolve(name))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("is no .npy, .npz, .safetensors or .csv file");
    }

    @Test
    void aCellThatIsNoNumberIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("x.csv"), "a,b\n1,2\n3,four\n");
        assertThatThrownBy(() -> Probe.read(file)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("row 1, column b").hasMessageContaining("'four'");
        assertThatThrownBy(() -> Probe.read(folder.resolve("none.csv"))).isInstanceOf(UncheckedIOException.class).hasMessageContaining("none.csv");
    }
}
