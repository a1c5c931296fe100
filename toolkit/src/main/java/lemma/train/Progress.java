package lemma.train;

import java.util.Locale;
import lemma.display.Bundle;
import lemma.display.Display;

/** A bar with elapsed and remaining time and a note, in a terminal and in a notebook alike; redrawn at most ten times a second. */
public final class Progress implements AutoCloseable {
    private static final long EVERY = 100_000_000L;
    private static final int WIDTH = 30;

    private final String title;
    private final long total;
    private final long start = System.nanoTime();
    private final String id;
    private long done;
    private long drawn;
    private String note = "";
    private boolean closed;

    /** A bar of {@code total} units of work, shown at once. */
    public Progress(String title, long total) {
        if (total < 1) throw new IllegalArgumentException("Progress: total is " + total + ", expected at least 1");
        this.title = title;
        this.total = total;
        this.id = Display.show(bundle());
    }

    /** Notes that {@code done} units are finished. */
    public void at(long done, String note) {
        this.done = done;
        this.note = note;
        long now = System.nanoTime();
        if (now - drawn < EVERY) return;
        drawn = now;
        Display.update(id, bundle());
    }

    /** Draws the bar as it stands for the last time. */
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        Display.finish(id, bundle());
    }

    private Bundle bundle() {
        double part = Math.min(1, done / (double) total);
        double elapsed = (System.nanoTime() - start) / 1e9;
        String times = time(elapsed) + (closed || done == 0 ? "" : " < " + time(elapsed * (total - done) / done));
        int filled = (int) Math.round(part * WIDTH);
        String text = String.format(Locale.ROOT, "%s %3.0f%% |%s%s| %d/%d [%s] %s", title, 100 * part, "\u2588".repeat(filled), " ".repeat(WIDTH - filled), done, total, times, note).stripTrailing();
        String html = String.format(Locale.ROOT, "<div style=\"font-family:monospace;font-size:90%%\">%s <progress value=\"%d\" max=\"%d\" style=\"width:16em;vertical-align:middle\"></progress> %.0f%% %d/%d [%s] %s</div>",
                escape(title), done, total, 100 * part, done, total, escape(times), escape(note));
        return Bundle.text(text).with(Bundle.HTML, html);
    }

    private static String escape(String s) {
        return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String time(double seconds) {
        long s = Math.round(seconds);
        return s >= 3600 ? String.format("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60) : String.format("%02d:%02d", s / 60, s % 60);
    }
}
