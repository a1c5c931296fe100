package lemma.train;

import java.util.List;
import java.util.Map;
import lemma.nn.Model;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

/**
 * What happened in training.
 *
 * @param model the trained model; with early stopping the best one
 * @param losses training loss of every step
 * @param evaluations one entry an evaluation, in order
 * @param steps number of steps done, those before a resume included
 * @param seconds time spent in this call
 */
public record History(Model model, double[] losses, List<Evaluation> evaluations, long steps, double seconds) {
    /**
     * Measures at one moment.
     *
     * @param step steps done by then
     * @param values name to value: {@code loss} is the mean training loss since the evaluation before, {@code val_loss} and the metrics
     *     are those of the validation data
     */
    public record Evaluation(long step, Map<String, Double> values) {}

    public History {
        evaluations = List.copyOf(evaluations);
    }

    /** The last value of a measure. */
    public double last(String name) {
        for (int i = evaluations.size() - 1; i >= 0; i--) {
            Double v = evaluations.get(i).values().get(name);
            if (v != null) return v;
        }
        throw new IllegalArgumentException("History: no measure '" + name + "'; there are " + (evaluations.isEmpty() ? "none" : evaluations.getLast().values().keySet()));
    }

    /** The smallest value of a measure over all evaluations. */
    public double best(String name) {
        last(name);
        return evaluations.stream().filter(e -> e.values().containsKey(name)).mapToDouble(e -> e.values().get(name)).min().getAsDouble();
    }

    /** A row an evaluation. */
    public Table table() {
        Table table = Table.create("history", LongColumn.create("step", evaluations.stream().mapToLong(Evaluation::step).toArray()));
        if (evaluations.isEmpty()) return table;
        for (String name : evaluations.getLast().values().keySet()) {
            table.addColumns(DoubleColumn.create(name, evaluations.stream().mapToDouble(e -> e.values().getOrDefault(name, Double.NaN)).toArray()));
        }
        return table;
    }
}
