package lemma.display;

import java.io.PrintStream;

/** Prints the plain text; on a real terminal an update of the latest line rewrites it in place. */
final class TerminalSink implements Display.Sink {
    private final PrintStream out;
    private final boolean interactive;
    private String openLine;

    TerminalSink(PrintStream out, boolean interactive) {
        this.out = out;
        this.interactive = interactive;
    }

    @Override
    public synchronized void show(String id, Bundle bundle) {
        endOpenLine();
        String text = bundle.plain();
        if (interactive && text.indexOf('\n') < 0) {
            out.print(text);
            out.flush();
            openLine = id;
        } else {
            out.println(text);
        }
    }

    @Override
    public synchronized void update(String id, Bundle bundle) {
        if (!id.equals(openLine)) {
            if (!interactive) return; // a log keeps the first and the last state
            out.println(bundle.plain());
            return;
        }
        out.print("\r\u001b[2K" + bundle.plain());
        out.flush();
    }

    @Override
    public synchronized void finish(String id, Bundle bundle) {
        if (interactive) update(id, bundle);
        else out.println(bundle.plain());
    }

    private void endOpenLine() {
        if (openLine == null) return;
        out.println();
        openLine = null;
    }
}
