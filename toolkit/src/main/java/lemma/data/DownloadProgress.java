package lemma.data;

import java.util.Locale;
import lemma.display.Bundle;
import lemma.display.Display;

/** The line that shows how much of a file has arrived, rewritten at most five times a second. */
final class DownloadProgress implements AutoCloseable {
    private static final long INTERVAL = 200_000_000L;

    private final RemoteFile file;
    private long start = System.nanoTime();
    private long first;
    private long have;
    private long shown = start;
    private String id;

    DownloadProgress(RemoteFile file) {
        this.file = file;
    }

    /** A transfer begins after {@code bytes} that are there already. */
    void from(long bytes) {
        start = System.nanoTime();
        first = bytes;
        at(bytes);
    }

    void at(long bytes) {
        have = bytes;
        long now = System.nanoTime();
        if (id != null && now - shown < INTERVAL) return;
        shown = now;
        show(line(now));
    }

    void finished() {
        have = file.bytes();
        finish(file.name() + ": " + size(file.bytes()) + ", SHA-256 checked");
    }

    /** Leaves the last state on the screen. */
    @Override
    public void close() {
        if (id != null && have < file.bytes()) finish(line(System.nanoTime()));
    }

    private void show(String line) {
        if (id == null) id = Display.show(bundle(line));
        else Display.update(id, bundle(line));
    }

    private void finish(String line) {
        if (id == null) show(line);
        else Display.finish(id, bundle(line));
    }

    private Bundle bundle(String line) {
        return Bundle.text(line).with(Bundle.HTML, html(line));
    }

    private String line(long now) {
        double seconds = (now - start) / 1e9;
        double rate = (have - first) / Math.max(seconds, 1e-3);
        String left = rate > 0 ? String.format(Locale.ROOT, ", %.0f s left", (file.bytes() - have) / rate) : "";
        return String.format(Locale.ROOT, "%s: %s of %s (%d %%), %s/s%s", file.name(), size(have), size(file.bytes()), 100 * have / file.bytes(),
                size((long) rate), left);
    }

    private String html(String line) {
        return "<progress max=\"" + file.bytes() + "\" value=\"" + have + "\" style=\"width:20em\"></progress> <code>" + line + "</code>";
    }

    /** A length in the unit that reads best: B, kB or MB (powers of ten). */
    static String size(long bytes) {
        if (bytes < 1000) return bytes + " B";
        if (bytes < 1_000_000) return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
