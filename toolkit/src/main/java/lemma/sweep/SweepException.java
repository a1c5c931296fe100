package lemma.sweep;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tech.tablesaw.api.Table;

/**
 * Some runs of a sweep failed; all others have finished and, where the sweep has a file, are in it. Called again, the sweep runs only
 * those that failed.
 */
public final class SweepException extends RuntimeException {
    private static final int LISTED = 10;

    private final transient Map<Config, Throwable> failures;
    private final transient Table finished;

    SweepException(Map<Config, Throwable> failures, Table finished) {
        super(message(failures, finished), failures.values().iterator().next());
        this.failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
        this.finished = finished;
    }

    /** What each run that failed threw. */
    public Map<Config, Throwable> failures() {
        return failures;
    }

    /** The rows of the runs that finished. */
    public Table finished() {
        return finished;
    }

    private static String message(Map<Config, Throwable> failures, Table finished) {
        String list = failures.entrySet().stream().limit(LISTED).map(f -> "\n  " + f.getKey() + ": " + f.getValue()).collect(Collectors.joining());
        String more = failures.size() > LISTED ? "\n  and " + (failures.size() - LISTED) + " more" : "";
        return "Sweep: " + failures.size() + " of " + (failures.size() + finished.rowCount()) + " runs failed" + list + more;
    }
}
