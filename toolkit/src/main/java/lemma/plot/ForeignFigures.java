package lemma.plot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import lemma.display.Bundle;
import tech.tablesaw.plotly.traces.Trace;

/**
 * Shows figures made with tablesaw-jsplot. They know only how to print themselves as JavaScript for a page that loads Plotly from
 * the network; here that text becomes Plotly JSON, which a notebook shows by itself.
 */
public final class ForeignFigures {
    /** JavaScript's object literals, as far as jsplot writes them. */
    private static final JsonMapper LITERALS = JsonMapper.builder().enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_TRAILING_COMMA,
        JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS, JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER).build();

    private static final Pattern NUMBER = Pattern.compile("-?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
    private static final Pattern NO_NUMBER = Pattern.compile("NaN|-?Infinity|null");

    private ForeignFigures() {}

    /**
     * Plotly JSON and a line of text for a jsplot figure, and a PNG when it holds only points, lines, vertical bars, histograms or
     * heat maps on one pair of axes.
     *
     * <p>NaN and the infinities become null; titles given as strings become {@code {text: ...}}, the only form that Plotly 3 reads.
     *
     * @throws IllegalArgumentException if the figure prints itself as something that is no JavaScript object
     */
    public static Bundle bundle(tech.tablesaw.plotly.components.Figure figure) {
        Map<String, Object> plotly = plotly(figure);
        Bundle shown = Bundle.text(description(plotly)).with(Bundle.PLOTLY, plotly);
        if (Fonts.problem() != null) return shown.with(Bundle.TEXT, description(plotly) + "\n" + Fonts.problem());
        try {
            return ForeignDrawing.of(plotly).map(drawn -> shown.with(Bundle.PNG, drawn.png())).orElse(shown);
        } catch (IllegalArgumentException | IllegalStateException e) {
            return shown.with(Bundle.TEXT, description(plotly) + "\nNo PNG: " + e.getMessage());
        }
    }

    private static Map<String, Object> plotly(tech.tablesaw.plotly.components.Figure figure) {
        List<Object> data = new ArrayList<>();
        Trace[] traces = Objects.requireNonNullElse(figure.getTraces(), new Trace[0]);
        for (int i = 0; i < traces.length; i++) data.add(clean(literal(traces[i].asJavascript(i))));
        Map<String, Object> layout = figure.getLayout() == null ? new LinkedHashMap<>() : literal(figure.getLayout().asJavascript());
        Map<String, Object> config = figure.getConfig() == null ? new LinkedHashMap<>() : literal(figure.getConfig().asJavascript());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("data", data);
        json.put("layout", clean(layout));
        json.put("config", clean(config));
        return json;
    }

    /** The object in {@code var name = {...};}. */
    private static Map<String, Object> literal(String javascript) {
        int from = javascript.indexOf('{');
        int to = javascript.lastIndexOf('}');
        if (from < 0 || to < from) throw new IllegalArgumentException("ForeignFigures: expected a JavaScript object, found: " + javascript);
        try {
            return LITERALS.readValue(javascript.substring(from, to + 1), new TypeReference<LinkedHashMap<String, Object>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("ForeignFigures: this JavaScript object cannot be read (" + e.getOriginalMessage() + "): " + javascript, e);
        }
    }

    private static Object clean(Object value) {
        return switch (value) {
            case Map<?, ?> map -> cleaned(map);
            case List<?> list -> cleaned(list);
            case Double d when !Double.isFinite(d) -> null;
            case null, default -> value;
        };
    }

    private static Map<String, Object> cleaned(Map<?, ?> map) {
        Map<String, Object> clean = new LinkedHashMap<>();
        map.forEach((key, value) -> clean.put((String) key, key.equals("title") && value instanceof String text ? titled(text) : clean(value)));
        return clean;
    }

    private static Map<String, Object> titled(String text) {
        Map<String, Object> title = new LinkedHashMap<>();
        title.put("text", text);
        return title;
    }

    /** jsplot writes many numbers as strings, missing ones as "NaN" or "null". */
    private static List<Object> cleaned(List<?> list) {
        boolean numeric = list.stream().allMatch(v -> isNumber(v) || NO_NUMBER.matcher(String.valueOf(v)).matches());
        List<Object> clean = new ArrayList<>();
        for (Object value : list) clean.add(numeric && value instanceof String text ? number(text) : clean(value));
        return clean;
    }

    private static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof String text && NUMBER.matcher(text).matches();
    }

    private static Double number(String text) {
        return NO_NUMBER.matcher(text).matches() ? null : Double.valueOf(text);
    }

    private static String description(Map<String, Object> plotly) {
        String title = plotly.get("layout") instanceof Map<?, ?> layout && layout.get("title") instanceof Map<?, ?> named ? " \"" + named.get("text") + "\"" : "";
        List<?> traces = (List<?>) plotly.get("data");
        return "Plotly figure" + title + ": " + traces.stream().map(t -> String.valueOf(((Map<?, ?>) t).get("type"))).toList();
    }
}
