package lemma.sweep;

import java.util.List;
import java.util.function.Consumer;

/** What carries out runs. */
interface Workers extends AutoCloseable {
    /** Starts the runs and returns; each outcome goes to {@code finished}, once, from any thread. */
    void start(List<Config> configs, Sweep.Run run, Consumer<Outcome> finished);

    /** Stops what still runs. */
    @Override
    void close();
}
