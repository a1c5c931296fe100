package lemma.sweep;

import java.io.Serializable;
import lemma.tensor.Scope;
import lemma.tensor.Threads;

/**
 * How a run ended.
 *
 * @param index of the configuration, or {@link #ALL} for all that have not finished
 * @param results null when it failed
 * @param failure null when it did not
 */
record Outcome(int index, double[] results, Throwable failure) implements Serializable {
    static final int ALL = -1;

    /** This outcome with a failure that any machine can read: its text, where its class might be unknown there. */
    Outcome sendable() {
        if (failure == null) return this;
        RuntimeException text = new RuntimeException(failure.toString());
        text.setStackTrace(failure.getStackTrace());
        return new Outcome(index, null, text);
    }

    /** Carries out a run on the calling thread, its kernels too; its tensors are gone afterwards. */
    static Outcome of(int index, Config config, Sweep.Run run) {
        return Threads.alone(() -> {
            try {
                return new Outcome(index, Scope.run(() -> results(config, run)), null);
            } catch (RunFailed e) {
                return new Outcome(index, null, e.getCause());
            }
        });
    }

    private static double[] results(Config config, Sweep.Run run) {
        try {
            return run.run(config);
        } catch (Throwable t) { // reported with the others at the end
            throw new RunFailed(t);
        }
    }

    /** Carries what a run threw out of its scope. */
    private static final class RunFailed extends RuntimeException {
        RunFailed(Throwable cause) {
            super(cause);
        }
    }
}
