package lemma.kernel.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import lemma.display.Bundle;

/**
 * A claim of a paper as a notebook measured it.
 *
 * @param json {@code {paper, claim, metric, bound, measured, values, seeds, expect, pass, kind, reason?, seconds?}}
 */
public record Claim(JsonObject json) {
    private static final List<String> REQUIRED = List.of("paper", "claim", "bound", "measured", "expect", "pass");

    /** @throws IllegalArgumentException when a field is missing or {@code expect} is neither reproduced nor not-reproduced */
    public Claim {
        for (String name : REQUIRED) {
            if (!json.has(name)) throw new IllegalArgumentException("claim without " + name + ": " + json);
        }
        String expect = json.get("expect").getAsString();
        if (!expect.equals("reproduced") && !expect.equals("not-reproduced")) {
            throw new IllegalArgumentException("claim " + json.get("paper") + " " + json.get("claim") + " expects '" + expect
                    + "'; write reproduced or not-reproduced");
        }
    }

    /** Copies of the claims that {@code cell} shows. */
    static List<Claim> of(Notebook.Cell cell) {
        List<Claim> claims = new ArrayList<>();
        for (JsonElement output : cell.outputs()) {
            if (output.getAsJsonObject().get("data") instanceof JsonObject data && data.get(Bundle.CLAIM) instanceof JsonObject claim) {
                claims.add(new Claim(claim.deepCopy()));
            }
        }
        return claims;
    }

    public String paper() {
        return text("paper");
    }

    public String id() {
        return text("claim");
    }

    public boolean pass() {
        return json.get("pass").getAsBoolean();
    }

    public String expect() {
        return text("expect");
    }

    /** A timing is recorded; it never fails a run. */
    public boolean isTiming() {
        return text("kind").equals("timing");
    }

    /** Whether the outcome is what the card expects, in either direction. */
    public boolean asExpected() {
        return isTiming() || pass() == expect().equals("reproduced");
    }

    /** A field as a reader wants to see it: numbers with four digits, empty when it is absent. */
    public String text(String name) {
        return shown(json.get(name));
    }

    private static String shown(JsonElement value) {
        if (value == null || value.isJsonNull()) return "";
        if (!(value instanceof JsonPrimitive primitive)) return value.toString();
        if (!primitive.isNumber()) return primitive.getAsString();
        double number = primitive.getAsDouble();
        if (number == Math.rint(number) && Math.abs(number) < 1e9) return Long.toString((long) number);
        return String.format(java.util.Locale.ROOT, "%.4g", number);
    }
}
