package lemma.scaling;

import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;

/**
 * Times the fit of the published Chinchilla points from 4,500 starts and 4,000 bootstrap fits, several times; SciPy's side is
 * {@code scaling_fixtures.py --chinchilla FILE}. Not a test: {@code java ... lemma.scaling.ChinchillaSpeed FILE [ROUNDS]}.
 */
final class ChinchillaSpeed {
    private ChinchillaSpeed() {}

    public static void main(String[] words) {
        Table all = Table.read().csv(Path.of(words[0]).toFile()).sortOn("loss");
        Table runs = all.first(all.rowCount() - 5);
        double[] n = runs.nCol("Model Size").asDoubleArray();
        double[] c = runs.nCol("Training FLOP").asDoubleArray();
        double[] d = IntStream.range(0, n.length).mapToDouble(i -> c[i] / 6 / n[i]).toArray();
        int rounds = words.length > 1 ? Integer.parseInt(words[1]) : 4;
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            ScalingFit fit = Chinchilla.fit(n, d, runs.nCol("loss").asDoubleArray());
            double fitted = (System.nanoTime() - start) / 1e9;
            start = System.nanoTime();
            fit.bootstrap();
            System.out.printf(Locale.ROOT, "fit %.2f s, objective %.10g; bootstrap %.2f s%n", fitted, fit.objective(), (System.nanoTime() - start) / 1e9);
        }
    }
}
