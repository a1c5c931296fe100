package lemma.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lemma.kernel.wire.Json;

/** The cells of this session, as {@code history_request} asks for them. */
final class History {
    private static final int SESSION = 1;

    private static final int MAX_RESULT = 2_000;

    private final List<Cell> cells = new ArrayList<>();
    private final Map<Integer, String> results = new HashMap<>();

    void add(int number, String code) {
        cells.add(new Cell(number, code));
    }

    /** Remembers what the cell of {@code number}, the latest, came to; of a long text the start. */
    void result(int number, String text) {
        if (cells.isEmpty() || cells.getLast().number() != number) return;
        results.put(number, text.substring(0, Math.min(text.length(), MAX_RESULT)));
    }

    /** The cells that {@code request} selects, each as session, number and code. */
    JsonArray answer(JsonObject request) {
        boolean pairs = request.has("output") && request.get("output").getAsBoolean();
        JsonArray answer = new JsonArray();
        for (Cell cell : select(request)) {
            answer.add(Json.of(new Object[] {SESSION, cell.number(), pairs ? new Object[] {cell.code(), results.get(cell.number())} : cell.code()}));
        }
        return answer;
    }

    private List<Cell> select(JsonObject request) {
        if (!request.has("hist_access_type")) throw new IllegalArgumentException("the request has no hist_access_type");
        return switch (request.get("hist_access_type").getAsString()) {
            case "range" -> range(request);
            case "search" -> latest(request, search(request));
            default -> latest(request, cells);
        };
    }

    private List<Cell> range(JsonObject request) {
        int session = integer(request, "session", 0);
        int start = integer(request, "start", 0);
        int stop = integer(request, "stop", Integer.MAX_VALUE);
        if (session != 0 && session != SESSION) return List.of();
        return cells.stream().filter(cell -> cell.number() >= start && cell.number() < stop).toList();
    }

    private List<Cell> search(JsonObject request) {
        String glob = request.has("pattern") ? request.get("pattern").getAsString() : "*";
        StringBuilder regex = new StringBuilder();
        glob.chars().forEach(c -> regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c))));
        Pattern pattern = Pattern.compile(regex.toString(), Pattern.DOTALL);
        Stream<Cell> found = cells.stream().filter(cell -> pattern.matcher(cell.code()).matches());
        boolean unique = request.has("unique") && request.get("unique").getAsBoolean();
        return unique ? found.collect(Collectors.toMap(Cell::code, cell -> cell, (a, b) -> b, LinkedHashMap::new))
                .values().stream().toList() : found.toList();
    }

    private static List<Cell> latest(JsonObject request, List<Cell> from) {
        int n = integer(request, "n", from.size());
        return from.subList(Math.max(0, from.size() - n), from.size());
    }

    private static int integer(JsonObject request, String name, int otherwise) {
        return request.has(name) && !request.get(name).isJsonNull() ? request.get(name).getAsInt() : otherwise;
    }
}
