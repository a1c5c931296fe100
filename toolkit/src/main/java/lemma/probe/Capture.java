package lemma.probe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import lemma.autodiff.Autodiff;
import lemma.data.NpyRows;
import lemma.data.NpyWriter;
import lemma.nn.Model;
import lemma.nn.Params;
import lemma.nn.Pass;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;

/**
 * The outputs of the layers inside a model in evaluation, by the path of the layer ("0", "2", "layers.1"), and the gradients that arrive there.
 * Inputs go through in batches and only the layers asked for are kept, so memory is that of one batch and of the result;
 * {@link #withRows} takes a random subset of the examples, {@link #activationsTo} writes to disk what memory does not hold, and
 * {@link lemma.train.Trainer#watch} gives the model to capture from while it is trained.
 *
 * <pre>{@code
 * Map<String, Tensor> features = Capture.of(model).withLayers("1", "3").withRows(2000, 1).activations(x);
 * }</pre>
 *
 * @param model whose layers are watched: modules of a {@link lemma.nn.Sequential}, nested ones too, and layers of transformers
 * @param layers paths, or empty for all
 * @param batch examples at a time
 * @param rows at most so many examples, drawn without replacement in ascending order
 * @param seed of that draw
 */
public record Capture(Model model, Set<String> layers, int batch, int rows, long seed) {
    public Capture {
        layers = Set.copyOf(layers);
        if (batch < 1 || rows < 1) throw new IllegalArgumentException("Capture: batch " + batch + ", rows " + rows + "; expected at least 1");
    }

    /** All layers, all examples, 256 at a time. */
    public static Capture of(Model model) {
        return new Capture(model, Set.of(), 256, Integer.MAX_VALUE, 0);
    }

    public Capture withLayers(String... paths) {
        return new Capture(model, Set.of(paths), batch, rows, seed);
    }

    public Capture withBatch(int examples) {
        return new Capture(model, layers, examples, rows, seed);
    }

    /** Of more than {@code most} examples a random subset of that size. */
    public Capture withRows(int most, long subsetSeed) {
        return new Capture(model, layers, batch, most, subsetSeed);
    }

    /** The numbers of the examples of n that are used. */
    public Tensor used(int n) {
        return n <= rows ? Tensor.arange(n).to(DType.INT64) : Random.seed(seed).choice(n, rows, false).sort(0, false);
    }

    /**
     * The outputs, one row an example, in the order in which the layers run.
     *
     * @throws IllegalArgumentException if a layer asked for is not there, naming those that are
     */
    public Map<String, Tensor> activations(Tensor x) {
        Map<String, List<Tensor>> parts = new LinkedHashMap<>();
        for (Tensor input : batches(x)) outputs(input).forEach((path, y) -> parts.computeIfAbsent(path, unseen -> new ArrayList<>()).add(y));
        return joined(parts, x);
    }

    /**
     * The outputs, written batch by batch to {@code folder/PATH.npy}, so that memory is that of one batch. NumPy reads the files too, and
     * {@link NpyRows#batches} gives the rows in turn, for example to {@link ClassStatistics#add} or {@link Cka.Minibatch#add}.
     *
     * @return for each layer its file, opened
     * @throws IllegalArgumentException if a layer asked for is not there, naming those that are
     */
    public Map<String, NpyRows> activationsTo(Path folder, Tensor x) {
        Map<String, NpyWriter> files = new LinkedHashMap<>();
        List<Tensor> inputs = batches(x);
        try {
            for (Tensor input : inputs) Scope.run(() -> outputs(input).forEach((path, y) -> files.computeIfAbsent(path, unseen -> NpyWriter.of(fileOf(folder, path), Math.min(rows, x.dim(0)))).append(y)));
        } catch (RuntimeException | Error failure) {
            abandon(files.values(), failure);
            throw failure;
        }
        files.values().forEach(NpyWriter::close);
        checkFound(files.keySet(), x);
        Map<String, NpyRows> opened = new LinkedHashMap<>();
        files.keySet().forEach(path -> opened.put(path, NpyRows.open(fileOf(folder, path))));
        return opened;
    }

    private static Path fileOf(Path folder, String path) {
        return folder.resolve(path + ".npy");
    }

    /** Closes files that are not whole, which removes them. */
    private static void abandon(Collection<NpyWriter> files, Throwable failure) {
        for (NpyWriter file : files) {
            try {
                file.close();
            } catch (RuntimeException incomplete) {
                failure.addSuppressed(incomplete);
            }
        }
    }

    private Map<String, Tensor> outputs(Tensor input) {
        return Scope.run(() -> {
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            model.apply(input, Pass.eval().observed((path, y) -> {
                if (isWanted(path)) outputs.put(path, y);
                return y;
            }));
            return outputs;
        });
    }

    /**
     * The gradients of {@code loss} with respect to the outputs of the layers, one row an example.
     *
     * @param loss from the model's output for a batch to a scalar; a mean would depend on the batch, so sum over the examples
     */
    public Map<String, Tensor> gradients(Tensor x, Function<Tensor, Tensor> loss) {
        Map<String, List<Tensor>> parts = new LinkedHashMap<>();
        for (Tensor input : batches(x)) {
            Params seen = Scope.run(() -> {
                Params[] zeros = {Params.EMPTY};
                model.apply(input, Pass.eval().observed((path, y) -> {
                    if (isWanted(path)) zeros[0] = zeros[0].with(path, y.zerosLike());
                    return y;
                }));
                return Autodiff.grad((Params nudges) -> loss.apply(model.apply(input, Pass.eval().observed((path, y) -> isWanted(path) ? y.add(nudges.get(path)) : y))), zeros[0]);
            });
            for (String path : seen.names()) parts.computeIfAbsent(path, unseen -> new ArrayList<>()).add(seen.get(path));
        }
        return joined(parts, x);
    }

    private List<Tensor> batches(Tensor x) {
        int n = x.dim(0);
        if (n == 0) throw new IllegalArgumentException("Capture: x is " + x.shape() + ", expected at least one example");
        Tensor chosen = n <= rows ? x : x.indexSelect(0, used(n));
        List<Tensor> all = new ArrayList<>();
        for (int from = 0; from < chosen.dim(0); from += batch) all.add(chosen.narrow(0, from, Math.min(chosen.dim(0), from + batch)));
        return all;
    }

    private boolean isWanted(String path) {
        return layers.isEmpty() || layers.contains(path);
    }

    private Map<String, Tensor> joined(Map<String, List<Tensor>> parts, Tensor x) {
        checkFound(parts.keySet(), x);
        Map<String, Tensor> all = new LinkedHashMap<>();
        parts.forEach((path, list) -> all.put(path, list.size() == 1 ? list.getFirst() : Tensor.concat(list, 0)));
        return all;
    }

    private void checkFound(Set<String> found, Tensor x) {
        if (!found.containsAll(layers) || found.isEmpty()) throw new IllegalArgumentException("Capture: layers " + layers + " asked for; the model runs " + paths(x));
    }

    /** The paths of all layers that run on x, in order. */
    public List<String> paths(Tensor x) {
        List<String> paths = new ArrayList<>();
        Scope.run(() -> {
            model.apply(x.narrow(0, 0, 1), Pass.eval().observed((path, y) -> {
                paths.add(path);
                return y;
            }));
        });
        return paths;
    }
}
