package lemma.kernel.wire;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The connection file: where a kernel listens and the key that signs its messages.
 *
 * @see <a href="https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files">Jupyter, connection files</a>
 */
public record Connection(
        String transport, String ip, int shell, int iopub, int stdin, int control, int heartbeat, String key, String scheme) {
    public static final String HMAC_SHA256 = "hmac-sha256";
    private static final int FIRST_PORT = 10_000;
    private static final int LENT_PORTS = 32_768; // Linux lends from here, other systems from 49,152
    private static final int PORT_TRIES = 1_000;

    /** Reads a connection file. @throws IllegalArgumentException when it is not one, naming the file and what is wrong */
    public static Connection read(Path file) throws IOException {
        String text = Files.readString(file);
        try {
            return parse(JsonParser.parseString(text).getAsJsonObject());
        } catch (JsonParseException | IllegalStateException | IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " is not a Jupyter connection file: " + e.getMessage(), e);
        }
    }

    private static Connection parse(JsonObject json) {
        return new Connection(
                json.has("transport") ? json.get("transport").getAsString() : "tcp",
                json.has("ip") ? json.get("ip").getAsString() : "127.0.0.1",
                port(json, "shell_port"), port(json, "iopub_port"), port(json, "stdin_port"), port(json, "control_port"),
                port(json, "hb_port"),
                json.has("key") ? json.get("key").getAsString() : "",
                json.has("signature_scheme") ? json.get("signature_scheme").getAsString() : HMAC_SHA256);
    }

    private static int port(JsonObject json, String name) {
        if (!json.has(name)) throw new IllegalArgumentException(name + " is missing");
        return json.get(name).getAsInt();
    }

    /** A connection on this machine with free ports and a fresh random key, as a client makes one before it starts a kernel. */
    public static Connection onFreePorts() {
        SecureRandom random = new SecureRandom();
        byte[] secret = new byte[16];
        random.nextBytes(secret);
        int[] ports = freePorts(5, random);
        return new Connection("tcp", "127.0.0.1", ports[0], ports[1], ports[2], ports[3], ports[4],
                HexFormat.of().formatHex(secret), HMAC_SHA256);
    }

    /** Held together, so that they differ, then freed for the kernel: below those that systems lend to outgoing connections, which could take one meanwhile. */
    private static int[] freePorts(int count, SecureRandom random) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int tries = 0; held.size() < count; tries++) {
                try {
                    held.add(new ServerSocket(random.nextInt(FIRST_PORT, LENT_PORTS), 1, InetAddress.getLoopbackAddress()));
                } catch (BindException taken) {
                    if (tries == PORT_TRIES) throw taken;
                }
            }
            for (ServerSocket socket : held) socket.close();
            return held.stream().mapToInt(ServerSocket::getLocalPort).toArray();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on 127.0.0.1 between " + FIRST_PORT + " and " + LENT_PORTS, e);
        }
    }

    /** Writes the connection file; where the file system knows permissions, only the owner can read the key. */
    public void write(Path file) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("transport", transport);
        json.addProperty("ip", ip);
        json.addProperty("shell_port", shell);
        json.addProperty("iopub_port", iopub);
        json.addProperty("stdin_port", stdin);
        json.addProperty("control_port", control);
        json.addProperty("hb_port", heartbeat);
        json.addProperty("key", key);
        json.addProperty("signature_scheme", scheme);
        json.addProperty("kernel_name", "java");
        Files.deleteIfExists(file);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, Json.text(json));
    }

    /** The ZeroMQ address of one of this connection's ports. */
    public String address(int port) {
        return transport + "://" + ip + (transport.equals("ipc") ? "-" : ":") + port;
    }
}
