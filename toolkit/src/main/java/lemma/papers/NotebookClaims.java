package lemma.papers;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lemma.display.Bundle;

/**
 * The claims of a notebook: those its code measures, found without running it, and those its saved outputs show.
 *
 * <p>Found are {@code Papers.get("key").claim("id").measured(...)} and, after {@code var paper = Papers.get("key");} in the same or an
 * earlier cell, {@code paper.claim("id").measured(...)}; not what stands in a comment.
 *
 * @param measured in order, a claim twice if it is measured twice
 * @param shown the claims in saved outputs, as {@link Outcome#json} wrote them
 */
record NotebookClaims(List<Measured> measured, List<JsonObject> shown) {
    private static final Pattern COMMENT_OR_STRING = Pattern.compile(
            "(?s)//[^\n]*|/\\*.*?\\*/|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])*'");
    private static final String GET = "\\bPapers\\s*\\.\\s*get\\s*\\(\\s*\"(?<%s>[^\"]*)\"\\s*\\)";
    private static final String CLAIM = "\\s*\\.\\s*claim\\s*\\(\\s*\"(?<%s>[^\"]*)\"\\s*\\)\\s*\\.\\s*measured\\s*\\(";
    private static final Pattern STATEMENT = Pattern.compile(
            "\\b(?<assigned>\\w+)\\s*=\\s*" + GET.formatted("value") + "\\s*;"
            + "|" + GET.formatted("key") + CLAIM.formatted("direct")
            + "|\\b(?<variable>\\w+)" + CLAIM.formatted("id"));

    /** A claim that a notebook measures; {@code paper} is null when it does so through a variable that holds no paper. */
    record Measured(String paper, String claim, String code) {
        String name() {
            return paper + "/" + claim;
        }
    }

    /** @throws IllegalArgumentException if the text is not a notebook */
    static NotebookClaims parse(String notebook) {
        try {
            List<Measured> measured = new ArrayList<>();
            List<JsonObject> shown = new ArrayList<>();
            Map<String, String> papers = new HashMap<>();
            for (JsonElement element : array(JsonParser.parseString(notebook).getAsJsonObject(), "cells")) {
                JsonObject cell = element.getAsJsonObject();
                if (!new JsonPrimitive("code").equals(cell.get("cell_type"))) continue;
                read(text(cell.get("source")), papers, measured);
                for (JsonElement output : array(cell, "outputs")) {
                    if (output.getAsJsonObject().get("data") instanceof JsonObject data && data.get(Bundle.CLAIM) instanceof JsonObject claim) shown.add(claim);
                }
            }
            return new NotebookClaims(measured, shown);
        } catch (JsonParseException | IllegalStateException e) {
            throw new IllegalArgumentException("not a notebook: " + e.getMessage(), e);
        }
    }

    private static JsonArray array(JsonObject json, String field) {
        if (json.get(field) instanceof JsonArray array) return array;
        throw new IllegalStateException("no list of " + field);
    }

    private static String text(JsonElement source) {
        if (!(source instanceof JsonArray lines)) return source.getAsString();
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.getAsString()));
        return text.toString();
    }

    private static void read(String source, Map<String, String> papers, List<Measured> measured) {
        Matcher statement = STATEMENT.matcher(COMMENT_OR_STRING.matcher(source).replaceAll(NotebookClaims::withoutComment));
        while (statement.find()) {
            if (statement.group("assigned") != null) papers.put(statement.group("assigned"), statement.group("value"));
            else if (statement.group("key") != null) measured.add(new Measured(statement.group("key"), statement.group("direct"), statement.group()));
            else measured.add(new Measured(papers.get(statement.group("variable")), statement.group("id"), statement.group()));
        }
    }

    private static String withoutComment(MatchResult match) {
        return match.group().startsWith("/") ? " " : Matcher.quoteReplacement(match.group());
    }
}
