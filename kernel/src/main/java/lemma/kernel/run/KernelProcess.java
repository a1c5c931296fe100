package lemma.kernel.run;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import lemma.kernel.wire.Connection;

/** A kernel running as a process of its own, with its connection file and its log. It never outlives this JVM. */
final class KernelProcess implements AutoCloseable {
    private static final int TAIL_BYTES = 4000;

    private final Connection connection = Connection.onFreePorts();
    private final Path connectionFile;
    private final Path log;
    private final Process process;
    private final Thread killer = new Thread(this::kill, "end the kernel");

    /**
     * Starts a kernel.
     *
     * @param command its command line, where {@code {connection_file}} stands for the connection file
     * @param folder its working directory
     * @param environment variables besides those of this process
     * @param log where its standard output and error go
     */
    KernelProcess(List<String> command, Path folder, Map<String, String> environment, Path log) throws IOException {
        this.log = log;
        connectionFile = Files.createTempFile("lemma-kernel-", ".json");
        connectionFile.toFile().deleteOnExit();
        connection.write(connectionFile);
        List<String> line = new ArrayList<>();
        for (String word : command) line.add(word.replace("{connection_file}", connectionFile.toString()));
        ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("JPY_PARENT_PID", Long.toString(ProcessHandle.current().pid()));
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException("cannot start the kernel by '" + String.join(" ", line) + "': " + e.getMessage(), e);
        }
        Runtime.getRuntime().addShutdownHook(killer);
    }

    Connection connection() {
        return connection;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** How the kernel ended and the last it wrote, for an error message. */
    String obituary() {
        String how = process.isAlive() ? "the kernel runs" : "the kernel ended with exit code " + process.exitValue();
        String last = tail();
        return last.isEmpty() ? how : how + "; its last words (all of them in " + log + "):\n" + last;
    }

    private String tail() {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - TAIL_BYTES));
            byte[] bytes = new byte[TAIL_BYTES];
            int read = file.read(bytes);
            return read < 1 ? "" : new String(bytes, 0, read, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "(cannot read " + log + ": " + e.getMessage() + ")";
        }
    }

    /** Waits up to {@code millis} for the kernel to end by itself, then ends it and what it started. */
    void end(long millis) {
        try {
            process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    /** Ends the kernel at once. */
    @Override
    public void close() {
        kill();
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            return; // the JVM is shutting down: the hook itself ends the kernel
        }
        try {
            Files.deleteIfExists(connectionFile);
            if (Files.exists(log) && Files.size(log) == 0) Files.delete(log);
        } catch (IOException e) {
            System.err.println("cannot remove " + e.getMessage());
        }
    }

    private void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
