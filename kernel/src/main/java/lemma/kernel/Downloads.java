package lemma.kernel;

import java.util.Locale;
import lemma.display.Bundle;
import lemma.display.Display;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;

/** One line below the cell that says what is being downloaded and, at the end, how much it was; nothing when nothing is. */
final class Downloads extends AbstractTransferListener implements AutoCloseable {
    private static final long UPDATE_NANOS = 200_000_000;

    private String id;
    private long lastUpdate;
    private int files;
    private long bytes;

    @Override
    public void transferProgressed(TransferEvent event) {
        show(event, false);
    }

    @Override
    public void transferSucceeded(TransferEvent event) {
        synchronized (this) {
            files++;
            bytes += event.getTransferredBytes();
        }
        show(event, true);
    }

    private synchronized void show(TransferEvent event, boolean done) {
        String name = event.getResource().getResourceName();
        long now = System.nanoTime();
        if (!name.endsWith(".jar") || id != null && !done && now - lastUpdate < UPDATE_NANOS) return;
        lastUpdate = now;
        long size = event.getResource().getContentLength();
        Bundle line = Bundle.text("downloading " + name.substring(name.lastIndexOf('/') + 1) + ", " + kilobytes(event.getTransferredBytes())
                + (size > 0 ? " of " + kilobytes(size) : ""));
        if (id == null) id = Display.show(line);
        else Display.update(id, line);
    }

    private static String kilobytes(long count) {
        return String.format(Locale.ROOT, "%,d kB", (count + 999) / 1000);
    }

    @Override
    public synchronized void close() {
        if (id != null) Display.finish(id, Bundle.text("downloaded " + files + (files == 1 ? " file, " : " files, ") + kilobytes(bytes)));
    }
}
