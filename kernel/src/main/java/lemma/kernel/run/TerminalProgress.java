package lemma.kernel.run;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/** One line per cell: its number, its first line, the seconds it took. */
final class TerminalProgress implements NotebookRunner.Progress {
    private static final int WIDTH = 64;

    private final PrintStream out;

    TerminalProgress(Path notebook, PrintStream out) {
        this.out = out;
        out.println(notebook);
    }

    @Override
    public void heading(String heading) {
        out.println("  " + heading);
    }

    @Override
    public void started(int number, int count, String firstLine) {
        String text = firstLine.length() <= WIDTH ? firstLine : firstLine.substring(0, WIDTH - 3) + "...";
        out.printf(Locale.ROOT, "  %3d/%d  %-" + WIDTH + "s", number, count, text);
        out.flush();
    }

    @Override
    public void ended(double seconds, boolean ok) {
        out.printf(Locale.ROOT, " %6.1f s%s%n", seconds, ok ? "" : "  FAILED");
    }
}
