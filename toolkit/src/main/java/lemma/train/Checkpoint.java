package lemma.train;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import com.google.gson.reflect.TypeToken;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lemma.nn.Params;
import lemma.nn.Safetensors;
import lemma.optim.Optimiser;
import lemma.tensor.Tensor;

/** Everything that a resumed run needs, as one safetensors file. */
record Checkpoint(long step, Params params, Params state, Optimiser.State optimiser, Params bestParams, Params bestState, double best, int withoutGain,
        double[] losses, List<History.Evaluation> evaluations, String settings) {
    private static final String FORMAT = "lemma-checkpoint-1";

    void write(Path file) {
        Params all = Params.EMPTY.withChild("params", params).withChild("state", state);
        for (int i = 0; i < optimiser.slots().size(); i++) all = all.withChild("optimiser." + i, optimiser.slots().get(i));
        if (bestParams != null) all = all.withChild("best.params", bestParams).withChild("best.state", bestState);
        all = all.with("losses", Tensor.of(losses));
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("step", Long.toString(step));
        metadata.put("optimiser_step", Long.toString(optimiser.step()));
        metadata.put("slots", Integer.toString(optimiser.slots().size()));
        metadata.put("best", Double.toString(best));
        metadata.put("without_gain", Integer.toString(withoutGain));
        metadata.put("settings", settings);
        metadata.put("evaluations", new Gson().toJson(evaluations));
        Safetensors.write(file, all, metadata);
    }

    static Checkpoint read(Path file) {
        Safetensors.File f = Safetensors.read(file);
        Map<String, String> m = f.metadata();
        if (!FORMAT.equals(m.get("format"))) throw new IllegalArgumentException(file + " is not a checkpoint of a Trainer (format " + m.get("format") + ", expected " + FORMAT + ")");
        try {
            List<Params> slots = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(m.get("slots")); i++) slots.add(under(f.params(), "optimiser." + i));
            List<History.Evaluation> evaluations = new Gson().fromJson(m.get("evaluations"), new TypeToken<List<History.Evaluation>>() {}.getType());
            Params best = under(f.params(), "best.params");
            boolean hasBest = !best.names().isEmpty();
            return new Checkpoint(Long.parseLong(m.get("step")), under(f.params(), "params"), under(f.params(), "state"),
                    new Optimiser.State(Long.parseLong(m.get("optimiser_step")), slots), hasBest ? best : null, hasBest ? under(f.params(), "best.state") : null,
                    Double.parseDouble(m.get("best")), Integer.parseInt(m.get("without_gain")), f.params().get("losses").toDoubles(), evaluations, m.get("settings"));
        } catch (NumberFormatException | JsonSyntaxException | NullPointerException e) {
            throw new IllegalArgumentException(file + ": the metadata of this checkpoint are damaged: " + m.keySet(), e);
        }
    }

    private static Params under(Params all, String path) {
        Params out = Params.EMPTY;
        for (String name : all.names()) if (name.startsWith(path + ".")) out = out.with(name.substring(path.length() + 1), all.get(name));
        return out;
    }

    /** Refuses a checkpoint of another model or optimiser. */
    void checkFits(Path file, Params expected, Params expectedState, Optimiser.State expectedOptimiser) {
        checkSame(file, "parameters", expected, params);
        checkSame(file, "state", expectedState, state);
        if (expectedOptimiser.slots().size() != optimiser.slots().size()) {
            throw new IllegalArgumentException(file + " was written by another optimiser: it has " + optimiser.slots().size() + " slots, this one " + expectedOptimiser.slots().size());
        }
        for (int i = 0; i < optimiser.slots().size(); i++) checkSame(file, "optimiser state", expectedOptimiser.slots().get(i), optimiser.slots().get(i));
    }

    private static void checkSame(Path file, String what, Params expected, Params found) {
        if (!expected.names().equals(found.names())) throw new IllegalArgumentException(file + ": the " + what + " are " + found.names() + ", the model has " + expected.names());
        for (String name : expected.names()) {
            if (expected.get(name).shape().equals(found.get(name).shape())) continue;
            throw new IllegalArgumentException(file + ": " + what + " '" + name + "' has shape " + found.get(name).shape() + ", the model " + expected.get(name).shape());
        }
    }
}
