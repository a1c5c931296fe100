package lemma.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lemma.display.Bundle;
import lemma.display.Display;

/**
 * A bar with elapsed and remaining time and a note, in a terminal and in a notebook alike; redrawn at most ten times a second.
 *
 * <p>A bar that is opened while another of the same thread is open, or of the thread that started this one, belongs to that one: it
 * is drawn under it and goes away when it is closed, so that a sweep of a hundred trainings leaves one line behind.
 */
public final class Progress implements AutoCloseable {
    private static final InheritableThreadLocal<Progress> CURRENT = new InheritableThreadLocal<>();
    private static final long EVERY = 100_000_000L;
    private static final long PATIENCE = 500_000_000L;
    private static final int WIDTH = 30;
    private static final int MAX_INNER = 4;

    private final String title;
    private final long total;
    private final long start = System.nanoTime();
    private final long shownFrom;
    private final Progress outer;
    private final Progress root;
    private final List<Progress> inner = new ArrayList<>();
    private long done;
    private String note = "";
    private boolean closed;
    private String id;
    private long drawn;

    /** A bar of {@code total} units of work, shown at once. */
    public Progress(String title, long total) {
        this(title, total, 0);
    }

    private Progress(String title, long total, long patience) {
        if (total < 1) throw new IllegalArgumentException("Progress: total is " + total + ", expected at least 1");
        this.title = title;
        this.total = total;
        shownFrom = start + patience;
        outer = open(CURRENT.get());
        root = outer == null ? this : outer.root;
        CURRENT.set(this);
        synchronized (root) {
            if (outer != null) root.inner.add(this);
            if (patience == 0) root.redraw();
        }
    }

    /** A bar that appears only when the work takes longer than half a second. */
    public static Progress ofLongWork(String title, long total) {
        return new Progress(title, total, PATIENCE);
    }

    private static Progress open(Progress bar) {
        while (bar != null && bar.closed) bar = bar.outer;
        return bar;
    }

    /** Notes that {@code done} units are finished. */
    public void at(long done, String note) {
        synchronized (root) {
            this.done = done;
            this.note = note;
            root.redraw();
        }
    }

    /** Draws the bar as it stands for the last time, or takes it away when it belongs to another. */
    @Override
    public void close() {
        synchronized (root) {
            if (closed) return;
            closed = true;
            if (CURRENT.get() == this) CURRENT.set(outer);
            if (outer != null) root.inner.remove(this);
            else if (id != null) Display.finish(id, bundle());
        }
    }

    private void redraw() {
        long now = System.nanoTime();
        if (closed || now < shownFrom || id != null && now - drawn < EVERY) return;
        drawn = now;
        if (id == null) id = Display.show(bundle());
        else Display.update(id, bundle());
    }

    private Bundle bundle() {
        long now = System.nanoTime();
        List<Progress> within = closed ? List.of() : inner.stream().filter(bar -> now >= bar.shownFrom).toList();
        StringBuilder text = new StringBuilder(line());
        StringBuilder html = new StringBuilder("<div style=\"font-family:monospace;font-size:90%\">").append(html());
        for (Progress bar : within.subList(0, Math.min(within.size(), MAX_INNER))) {
            text.append("; ").append(bar.brief());
            html.append("<div style=\"padding-left:1.5em\">").append(bar.html()).append("</div>");
        }
        if (within.size() > MAX_INNER) {
            String more = "and " + (within.size() - MAX_INNER) + " more";
            text.append("; ").append(more);
            html.append("<div style=\"padding-left:1.5em\">").append(more).append("</div>");
        }
        return Bundle.text(text.toString()).with(Bundle.HTML, html.append("</div>").toString());
    }

    private String line() {
        int filled = (int) Math.round(part() * WIDTH);
        return String.format(Locale.ROOT, "%s %3.0f%% |%s%s| %d/%d [%s] %s", title, 100 * part(), "\u2588".repeat(filled), " ".repeat(WIDTH - filled),
                done, total, times(), note).stripTrailing();
    }

    private String brief() {
        return String.format(Locale.ROOT, "%s %.0f%% %d/%d %s", title, 100 * part(), done, total, note).stripTrailing();
    }

    private String html() {
        return String.format(Locale.ROOT, "%s <progress value=\"%d\" max=\"%d\" style=\"width:16em;vertical-align:middle\"></progress> %.0f%% %d/%d [%s] %s",
                escape(title), Math.min(done, total), total, 100 * part(), done, total, escape(times()), escape(note));
    }

    private double part() {
        return Math.min(1, done / (double) total);
    }

    private String times() {
        double elapsed = (System.nanoTime() - start) / 1e9;
        return time(elapsed) + (closed || done == 0 ? "" : " < " + time(elapsed * (total - done) / done));
    }

    private static String escape(String s) {
        return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String time(double seconds) {
        long s = Math.round(seconds);
        return s >= 3600 ? String.format("%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60) : String.format("%02d:%02d", s / 60, s % 60);
    }
}
