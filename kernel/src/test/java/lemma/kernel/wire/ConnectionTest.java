package lemma.kernel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionTest {
    @TempDir
    Path folder;

    @Test
    void readsWhatItWrote() throws IOException {
        Connection connection = Connection.onFreePorts();
        Path file = folder.resolve("kernel.json");
        connection.write(file);
        assertThat(Connection.read(file)).isEqualTo(connection);
    }

    @Test
    void asksForPortsThatNoOutgoingConnectionIsLent() {
        for (int i = 0; i < 100; i++) {
            Connection made = Connection.onFreePorts();
            List<Integer> ports = List.of(made.shell(), made.iopub(), made.stdin(), made.control(), made.heartbeat());
            assertThat(ports).doesNotHaveDuplicates().allMatch(port -> port >= 10_000 && port < 32_768);
        }
    }

    @Test
    void readsAFileOfJupyterClient() throws IOException {
        Path file = folder.resolve("kernel.json");
        Files.writeString(file, """
                {"shell_port": 57503, "iopub_port": 40885, "stdin_port": 52597, "control_port": 50160, "hb_port": 42540,
                 "ip": "127.0.0.1", "key": "a0436f6c-1916-498b-8eb9-e81ab9368e84", "transport": "tcp",
                 "signature_scheme": "hmac-sha256", "kernel_name": ""}""");
        Connection connection = Connection.read(file);
        assertThat(connection.address(connection.heartbeat())).isEqualTo("tcp://127.0.0.1:42540");
        assertThat(connection.key()).isEqualTo("a0436f6c-1916-498b-8eb9-e81ab9368e84");
    }

    @Test
    void namesWhatIsMissing() throws IOException {
        Path file = folder.resolve("kernel.json");
        Files.writeString(file, "{\"shell_port\": 1}");
        assertThatThrownBy(() -> Connection.read(file)).hasMessageContaining("kernel.json").hasMessageContaining("iopub_port is missing");
    }
}
