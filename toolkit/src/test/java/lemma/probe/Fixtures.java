package lemma.probe;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import lemma.tensor.Tensor;

/** Arrays and what NumPy, SciPy and scikit-learn make of them, written by the scripts in src/test/python. */
final class Fixtures {
    private final JsonObject all;

    private Fixtures(JsonObject all) {
        this.all = all;
    }

    static Fixtures read(String file) {
        try (InputStream in = Fixtures.class.getResourceAsStream(file)) {
            return new Fixtures(JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8)).getAsJsonObject());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The objects of an array. */
    List<Fixtures> each(String name) {
        return get(name).getAsJsonArray().asList().stream().map(e -> new Fixtures(e.getAsJsonObject())).toList();
    }

    Fixtures object(String name) {
        return new Fixtures(get(name).getAsJsonObject());
    }

    double number(String name) {
        return get(name).getAsDouble();
    }

    String text(String name) {
        return get(name).getAsString();
    }

    double[] numbers(String name) {
        return numbers(get(name).getAsJsonArray());
    }

    private static double[] numbers(JsonArray a) {
        return IntStream.range(0, a.size()).mapToDouble(i -> a.get(i).getAsDouble()).toArray();
    }

    double[][] rows(String name) {
        JsonArray a = get(name).getAsJsonArray();
        return IntStream.range(0, a.size()).mapToObj(i -> numbers(a.get(i).getAsJsonArray())).toArray(double[][]::new);
    }

    Tensor matrix(String name) {
        return Tensor.of(rows(name));
    }

    int[] integers(String name) {
        return IntStream.range(0, get(name).getAsJsonArray().size()).map(i -> (int) numbers(name)[i]).toArray();
    }

    private JsonElement get(String name) {
        JsonElement e = all.get(name);
        if (e == null) throw new IllegalArgumentException("no fixture " + name);
        return e;
    }
}
