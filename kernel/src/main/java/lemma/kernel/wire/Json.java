package lemma.kernel.wire;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.ToNumberPolicy;
import java.lang.reflect.Array;
import java.util.Base64;
import java.util.Map;

/** Plain Java values as JSON, the way Jupyter carries them. */
public final class Json {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().serializeNulls()
            .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create();

    private Json() {}

    /** The JSON text of {@code value}, on one line. */
    public static String text(JsonElement value) {
        return GSON.toJson(value);
    }

    /** A JSON object from alternating names and values, each converted by {@link #of}. */
    public static JsonObject object(Object... namesAndValues) {
        JsonObject json = new JsonObject();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            json.add((String) namesAndValues[i], of(namesAndValues[i + 1]));
        }
        return json;
    }

    /**
     * The JSON form of null, a boolean, number, string, map, collection or array. Bytes become base64, as images are carried;
     * NaN and infinities, which JSON cannot say, become null.
     *
     * @throws IllegalArgumentException for any other type
     */
    public static JsonElement of(Object value) {
        return switch (value) {
            case null -> JsonNull.INSTANCE;
            case JsonElement json -> json;
            case Boolean truth -> new JsonPrimitive(truth);
            case Number number -> number(number);
            case Character character -> new JsonPrimitive(character);
            case CharSequence text -> new JsonPrimitive(text.toString());
            case byte[] bytes -> new JsonPrimitive(Base64.getEncoder().encodeToString(bytes));
            case Map<?, ?> map -> map(map);
            case Iterable<?> items -> items(items);
            case Object array when array.getClass().isArray() -> array(array);
            default -> throw new IllegalArgumentException("no JSON form for a " + value.getClass().getName());
        };
    }

    /** The plain Java form of {@code json}: maps, lists, strings, booleans, {@code Long} or {@code Double}, and null. */
    public static Object plain(JsonElement json) {
        return GSON.fromJson(json, Object.class);
    }

    private static JsonElement number(Number number) {
        return Double.isFinite(number.doubleValue()) ? new JsonPrimitive(number) : JsonNull.INSTANCE;
    }

    private static JsonObject map(Map<?, ?> map) {
        JsonObject json = new JsonObject();
        map.forEach((name, value) -> json.add(String.valueOf(name), of(value)));
        return json;
    }

    private static JsonArray items(Iterable<?> items) {
        JsonArray json = new JsonArray();
        for (Object item : items) json.add(of(item));
        return json;
    }

    private static JsonArray array(Object array) {
        JsonArray json = new JsonArray();
        for (int i = 0; i < Array.getLength(array); i++) json.add(of(Array.get(array, i)));
        return json;
    }
}
