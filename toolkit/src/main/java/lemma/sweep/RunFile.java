package lemma.sweep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of finished runs. A line counts once its line break is written: what a kill left behind it is cut off on opening. */
final class RunFile implements AutoCloseable {
    private final FileChannel channel;
    private final String text;

    private RunFile(FileChannel channel, String text) {
        this.channel = channel;
        this.text = text;
    }

    /** Opens or makes the file, for this process alone. */
    static RunFile open(Path file, RunTable table) throws IOException {
        if (file.toAbsolutePath().getParent() != null) Files.createDirectories(file.toAbsolutePath().getParent());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            lock(channel, file);
            String whole = wholeLines(channel);
            RunFile lines = new RunFile(channel, whole.isEmpty() ? table.header() : whole);
            if (whole.isEmpty()) lines.append(table.header());
            return lines;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void lock(FileChannel channel, Path file) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) throw new IllegalStateException("Sweep: another sweep is writing " + file + " now");
    }

    private static String wholeLines(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) continue;
        int end = bytes.position();
        while (end > 0 && bytes.get(end - 1) != '\n') end--;
        channel.truncate(end).position(end);
        return new String(bytes.array(), 0, end, StandardCharsets.UTF_8);
    }

    /** The lines that were there. */
    String text() {
        return text;
    }

    void append(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) channel.write(bytes);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
