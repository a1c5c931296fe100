package lemma.scaling;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** SciPy's and statsmodels' answers, written by src/test/python/scaling_fixtures.py. */
public final class Fixtures {
    private Fixtures() {}

    /** One problem with its answers. */
    public static JsonObject get(String problem) {
        try (InputStream in = Fixtures.class.getResourceAsStream("fixtures.json")) {
            return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8)).getAsJsonObject().getAsJsonObject(problem);
        } catch (java.io.IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JSON array of numbers. */
    public static double[] numbers(JsonObject from, String name) {
        return numbers(from.getAsJsonArray(name));
    }

    /** A JSON array of numbers. */
    public static double[] numbers(JsonArray array) {
        double[] out = new double[array.size()];
        for (int i = 0; i < out.length; i++) out[i] = array.get(i).getAsDouble();
        return out;
    }
}
