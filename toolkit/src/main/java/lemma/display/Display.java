package lemma.display;

import java.util.Objects;
import java.util.UUID;

/**
 * Where library code shows a figure, a claim or a progress bar. A notebook kernel installs its own {@link Sink}; without one the
 * plain text goes to standard output, so the same program reads well in a terminal.
 */
public final class Display {
    /** Takes what is shown. One sink serves the process, as {@link System#out} does. */
    public interface Sink {
        /** Shows {@code bundle} in a new place that {@link #update} can reach under {@code id}. */
        void show(String id, Bundle bundle);

        /** Replaces what was last shown under {@code id}. */
        void update(String id, Bundle bundle);

        /** The last update of {@code id}. */
        default void finish(String id, Bundle bundle) {
            update(id, bundle);
        }
    }

    private static volatile Sink sink = new TerminalSink(System.out, System.console() != null);

    private Display() {}

    /** Makes {@code next} the sink and returns the one before. */
    public static Sink install(Sink next) {
        Sink before = sink;
        sink = Objects.requireNonNull(next, "sink");
        return before;
    }

    /** Shows {@code value} and returns the id under which {@link #update} replaces it. */
    public static String show(Rich value) {
        return show(value.bundle());
    }

    /** Shows {@code bundle} and returns the id under which {@link #update} replaces it. */
    public static String show(Bundle bundle) {
        String id = UUID.randomUUID().toString();
        sink.show(id, bundle);
        return id;
    }

    /** Replaces what was shown under {@code id}. */
    public static void update(String id, Bundle bundle) {
        sink.update(id, bundle);
    }

    /** Replaces what was shown under {@code id} for the last time; a log, which shows no updates, shows this one. */
    public static void finish(String id, Bundle bundle) {
        sink.finish(id, bundle);
    }
}
