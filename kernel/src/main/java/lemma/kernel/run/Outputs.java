package lemma.kernel.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lemma.kernel.wire.Message;

/**
 * Turns a kernel's broadcasts into the outputs that a notebook holds: pieces of a stream become one text, {@code
 * update_display_data} replaces every display of its id, in earlier cells too, {@code clear_output} empties the cell.
 */
final class Outputs {
    private static final int MOST_PRINTED = 8 << 20;
    private static final String CUT = "\n[the cell printed more than " + (MOST_PRINTED >> 20) + " million characters; the rest is left out]\n";

    private final Map<String, List<JsonObject>> displays = new HashMap<>();
    private JsonArray outputs = new JsonArray();
    private JsonObject stream;
    private StringBuilder streamText;
    private boolean clearBeforeNext;
    private int printed;

    /** From here on broadcasts belong to the cell that holds {@code outputs}. */
    void begin(JsonArray outputs) {
        this.outputs = outputs;
        clearBeforeNext = false;
        printed = 0;
    }

    void accept(Message message) {
        JsonObject content = message.content();
        switch (message.type()) {
            case "stream" -> append(content);
            case "display_data" -> display(content, output("display_data", content));
            case "execute_result" -> {
                JsonObject output = output("execute_result", content);
                output.add("execution_count", content.get("execution_count"));
                display(content, output);
            }
            case "update_display_data" -> update(content);
            case "error" -> {
                JsonObject output = new JsonObject();
                output.addProperty("output_type", "error");
                for (String name : List.of("ename", "evalue", "traceback")) output.add(name, content.get(name));
                add(output);
            }
            case "clear_output" -> {
                if (content.has("wait") && content.get("wait").getAsBoolean()) clearBeforeNext = true;
                else clear();
            }
            default -> {} // status, execute_input: nothing that a notebook keeps
        }
    }

    /** Completes the cell's outputs. */
    void end() {
        endStream();
    }

    private static JsonObject output(String type, JsonObject content) {
        JsonObject output = new JsonObject();
        output.addProperty("output_type", type);
        output.add("data", content.get("data"));
        output.add("metadata", content.has("metadata") ? content.get("metadata") : new JsonObject());
        return output;
    }

    private void display(JsonObject content, JsonObject output) {
        add(output);
        String id = displayId(content);
        if (id != null) displays.computeIfAbsent(id, key -> new ArrayList<>()).add(output);
    }

    private void update(JsonObject content) {
        JsonObject fresh = output("", content);
        for (JsonObject shown : displays.getOrDefault(displayId(content), List.of())) {
            shown.add("data", fresh.get("data"));
            shown.add("metadata", fresh.get("metadata"));
        }
    }

    private static String displayId(JsonObject content) {
        if (!(content.get("transient") instanceof JsonObject passing) || !passing.has("display_id")) return null;
        return passing.get("display_id").getAsString();
    }

    private void add(JsonObject output) {
        endStream();
        if (clearBeforeNext) clear();
        outputs.add(output);
    }

    private void append(JsonObject content) {
        String name = content.get("name").getAsString();
        if (clearBeforeNext) clear();
        if (stream == null || !stream.get("name").getAsString().equals(name)) {
            JsonObject next = new JsonObject();
            next.addProperty("output_type", "stream");
            next.addProperty("name", name);
            add(next);
            stream = next;
            streamText = new StringBuilder();
        }
        streamText.append(withinLimit(content.get("text").getAsString()));
    }

    private String withinLimit(String text) {
        if (printed > MOST_PRINTED) return "";
        printed += text.length();
        return printed > MOST_PRINTED ? text + CUT : text;
    }

    private void endStream() {
        if (stream == null) return;
        stream.addProperty("text", overwritten(streamText.toString()));
        stream = null;
    }

    /** What a terminal shows of {@code text}: a carriage return within a line lets what follows overwrite the line. */
    static String overwritten(String text) {
        if (text.indexOf('\r') < 0) return text;
        StringBuilder shown = new StringBuilder();
        for (String line : text.replace("\r\n", "\n").splitWithDelimiters("\n", 0)) {
            StringBuilder whole = new StringBuilder();
            for (String part : line.split("\r")) whole.replace(0, Math.min(part.length(), whole.length()), part);
            shown.append(whole);
        }
        return shown.toString();
    }

    private void clear() {
        clearBeforeNext = false;
        endStream();
        while (!outputs.isEmpty()) outputs.remove(outputs.size() - 1);
    }
}
