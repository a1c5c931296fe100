package lemma.papers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import lemma.display.Bundle;
import lemma.display.Display;
import lemma.sweep.Sweep;
import tech.tablesaw.api.Table;

/**
 * A sweep that is too long to run each time: its runs travel with the paper's card, as {@code papers/<family>/runs/<key>.tsv}, a row a run
 * with its configuration, seed, results, the hash of the code that made it and the machine. A notebook carries out a seeded sample of
 * them again, compares, shows what came out, and goes on with all rows.
 *
 * <pre>{@code
 * Table runs = Papers.get("step-law-hyperparameters").recorded(Sweep.of(grid).seeds(0, 1)).sample(3, 0).tolerance(0.01).run("loss", c -> train(c));
 * }</pre>
 *
 * <p>Where machine and code are those of the row, the sample must have the same bits; elsewhere it must agree within the tolerance.
 * {@code lab run --record} carries out the runs that the file lacks; to record all anew, delete the file first.
 */
public final class RecordedSweep {
    /** Environment variable that names the checkout in which to record. */
    public static final String RECORD = "LEMMA_RECORD";
    /** Environment variable with the hash of the code that runs. */
    public static final String CODE = "LEMMA_CODE";

    /**
     * Where a sweep is carried out.
     *
     * @param checkout in which to record, if it is to be recorded
     * @param code hash of the code
     * @param machine its name
     */
    record Place(Optional<Path> checkout, String code, String machine) {
        static Place here() {
            try {
                String core = System.getenv("OPENBLAS_CORETYPE");
                String machine = Result.Origin.processor() + (core == null ? "" : ", OPENBLAS_CORETYPE " + core);
                return new Place(Optional.ofNullable(System.getenv(RECORD)).map(Path::of), System.getenv().getOrDefault(CODE, "unknown"), machine.replaceAll("\\s+", " "));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final String file;
    private final Sweep sweep;
    private final int sample;
    private final long sampleSeed;
    private final double tolerance;
    private final Place place;

    private RecordedSweep(String file, Sweep sweep, int sample, long sampleSeed, double tolerance, Place place) {
        this.file = file;
        this.sweep = sweep;
        this.sample = sample;
        this.sampleSeed = sampleSeed;
        this.tolerance = tolerance;
        this.place = place;
    }

    static RecordedSweep of(String file, Sweep sweep) {
        return new RecordedSweep(file, sweep, Math.min(3, sweep.configs().size()), 0, 1e-2, Place.here());
    }

    RecordedSweep at(Place other) {
        return new RecordedSweep(file, sweep, sample, sampleSeed, tolerance, other);
    }

    /** How many runs are carried out again, 3 unless given, and the seed that draws them. */
    public RecordedSweep sample(int runs, long seed) {
        sweep.sample(runs, seed);
        return new RecordedSweep(file, sweep, runs, seed, tolerance, place);
    }

    /** Relative difference of a result that another machine or code may make, 0.01 unless given. */
    public RecordedSweep tolerance(double relative) {
        if (!(relative >= 0)) throw new IllegalArgumentException("RecordedSweep: tolerance " + relative + ", expected at least 0");
        return new RecordedSweep(file, sweep, sample, sampleSeed, relative, place);
    }

    /** The recorded runs, after the sample has shown that they are what the code gives; see {@link Sweep#run(String, Sweep.Measure)}. */
    public Table run(String result, Sweep.Measure run) {
        return run(List.of(result), c -> new double[] {run.run(c)});
    }

    /**
     * The recorded runs, after the sample has shown that they are what the code gives.
     *
     * @throws IllegalStateException if a run of the sample comes out otherwise, or there is no record
     */
    public Table run(List<String> results, Sweep.Run run) {
        if (place.checkout.isPresent()) labelled().file(place.checkout.get().resolve("papers").resolve(file)).run(results, run);
        Table recorded = labelled().read(text(), "papers/" + file, results.toArray(String[]::new));
        Table again = sweep.sample(sample, sampleSeed).run(results, run);
        Display.show(Bundle.text(compared(recorded, again, results)));
        return recorded;
    }

    private Sweep labelled() {
        return sweep.label("code", place.code).label("machine", place.machine);
    }

    private String text() {
        try {
            if (place.checkout.isPresent()) return Files.readString(place.checkout.get().resolve("papers").resolve(file));
            try (InputStream in = RecordedSweep.class.getResourceAsStream(file)) {
                if (in == null) throw new IllegalStateException("papers/" + file + " does not exist; record it with lab run --record");
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("papers/" + file, e);
        }
    }

    private String compared(Table recorded, Table again, List<String> results) {
        double farthest = 0;
        boolean sameBits = true;
        for (int i = 0; i < again.rowCount(); i++) {
            int row = sweep.configs().indexOf(sweep.sample(sample, sampleSeed).configs().get(i));
            boolean atHome = recorded.getString(row, "machine").equals(place.machine) && recorded.getString(row, "code").equals(place.code) && !place.code.equals("unknown");
            for (String result : results) {
                double before = recorded.doubleColumn(result).getDouble(row);
                double now = again.doubleColumn(result).getDouble(i);
                if (Double.doubleToLongBits(before) == Double.doubleToLongBits(now)) continue;
                sameBits = false;
                double difference = Math.abs(now - before) / Math.abs(before);
                if (atHome || !(difference <= tolerance)) throw new IllegalStateException(mismatch(again, i, result, before, now, atHome));
                farthest = Math.max(farthest, difference);
            }
        }
        return recorded.rowCount() + " recorded runs; " + again.rowCount() + " of them carried out again: " + (sameBits ? "the same bits"
                : String.format(Locale.ROOT, "largest relative difference %.2g, allowed %.2g", farthest, tolerance));
    }

    private String mismatch(Table again, int i, String result, double before, double now, boolean atHome) {
        return "papers/" + file + ": " + result + " of the run " + sweep.sample(sample, sampleSeed).configs().get(i) + " was " + before + ", now it is " + now
                + (atHome ? " with the same code on the same machine" : ", farther than " + tolerance + " of it") + "; if the run has changed, delete the file and record it anew";
    }
}
