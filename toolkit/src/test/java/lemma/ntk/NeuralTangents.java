package lemma.ntk;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import lemma.tensor.Tensor;

/** Numbers of neural-tangents, written by src/test/python/ntk_fixtures.py and its neighbours. */
final class NeuralTangents {
    private NeuralTangents() {}

    static JsonObject cases(String file) {
        try (InputStream in = NeuralTangents.class.getResourceAsStream(file)) {
            return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8)).getAsJsonObject().getAsJsonObject("cases");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nested arrays as a FLOAT64 tensor. */
    static Tensor tensor(JsonElement nested) {
        List<Integer> shape = new ArrayList<>();
        for (JsonElement e = nested; e.isJsonArray(); e = e.getAsJsonArray().get(0)) shape.add(e.getAsJsonArray().size());
        List<Double> numbers = new ArrayList<>();
        collect(nested, numbers);
        return Tensor.of(numbers.stream().mapToDouble(Double::doubleValue).toArray(), shape.stream().mapToInt(Integer::intValue).toArray());
    }

    private static void collect(JsonElement nested, List<Double> into) {
        if (!nested.isJsonArray()) {
            into.add(nested.getAsDouble());
            return;
        }
        JsonArray items = nested.getAsJsonArray();
        for (JsonElement item : items) collect(item, into);
    }
}
