package lemma.train;

import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;
import lemma.nn.KanPruning;
import lemma.nn.Model;
import lemma.optim.Optimiser;

/**
 * The three stages of a network that selects its activations ({@link lemma.nn.SelectableKanLinear}): all branches and their selection together at
 * temperature 1, then on while the temperature falls evenly in its logarithm and the choice sharpens, then fine-tuning of what {@link KanPruning#prune} leaves.
 *
 * <pre>{@code
 * var fitted = SelectiveTraining.of(120, 120, 360).fit(net, steps -> Adam.of(Schedule.cosine(0.02, 0, steps)), t -> t.loss(Losses::mse).fit(x, y));
 * }</pre>
 *
 * @param full steps of the first stage
 * @param selective steps of the second
 * @param fineTuning steps of the third
 * @param coldest temperature at the end of the second stage
 */
public record SelectiveTraining(int full, int selective, int fineTuning, double coldest) {
    public SelectiveTraining {
        if (full < 1 || selective < 1 || fineTuning < 1) throw new IllegalArgumentException("SelectiveTraining: " + full + ", " + selective + " and " + fineTuning + " steps, expected at least 1 each");
        if (!(coldest > 0 && coldest < 1)) throw new IllegalArgumentException("SelectiveTraining: coldest is " + coldest + ", expected between 0 and 1");
    }

    /** Down to a temperature of 0.01. */
    public static SelectiveTraining of(int full, int selective, int fineTuning) {
        return new SelectiveTraining(full, selective, fineTuning, 0.01);
    }

    public SelectiveTraining withColdest(double coldest) {
        return new SelectiveTraining(full, selective, fineTuning, coldest);
    }

    /**
     * A selection that was trained.
     *
     * @param selected with all branches, after the second stage
     * @param model pruned and fine-tuned
     */
    public record Result(Model selected, Model model) {
        /** The place in the pool that each input of each selectable layer chose. */
        public List<List<Integer>> choices() {
            return KanPruning.selected(model);
        }

        /** The share of inputs, of all selectable layers, that chose place {@code k} of the pool. */
        public double share(int k) {
            return choices().stream().flatMap(List::stream).mapToInt(c -> c == k ? 1 : 0).average().orElseThrow();
        }
    }

    /**
     * @param optimiser for a number of steps; each stage begins with a new one
     * @param fit gives the trainer of a stage its loss and data and lets it train; the number of steps is set
     */
    public Result fit(Model start, LongFunction<Optimiser> optimiser, Function<Trainer, History> fit) {
        Model warm = stage(KanPruning.cooling(start, 1), full, optimiser, fit);
        Model selected = stage(KanPruning.cooling(warm, Math.pow(coldest, 1.0 / selective)), selective, optimiser, fit);
        return new Result(selected, stage(KanPruning.prune(selected), fineTuning, optimiser, fit));
    }

    private static Model stage(Model from, int steps, LongFunction<Optimiser> optimiser, Function<Trainer, History> fit) {
        return fit.apply(Trainer.of(from, optimiser.apply(steps)).steps(steps)).model();
    }
}
