package lemma.kernel.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import lemma.display.Bundle;
import lemma.kernel.Katex;
import lemma.kernel.Plotly;
import lemma.kernel.WebJar;
import lemma.kernel.wire.Json;

/**
 * A notebook as one HTML page that needs no network: images and fonts stand in it as data, formulas are set by KaTeX in the page. Plotly
 * figures are pictures that plotly.js, which stands in the page once, makes live. A content security policy keeps the browser from
 * loading anything and from running any script but those two, whatever an output holds.
 */
final class HtmlPage {
    private final StringBuilder html = new StringBuilder();
    private boolean hasMath;
    private boolean hasFigures;

    private HtmlPage() {}

    /** The page of {@code notebook}; its title is the first heading, or {@code name} when there is none. */
    static String of(String name, Notebook notebook) {
        HtmlPage page = new HtmlPage();
        notebook.cells().forEach(page::cell);
        return page.whole(title(name, notebook));
    }

    private static String title(String name, Notebook notebook) {
        return notebook.cells().stream().filter(Notebook.Cell::isMarkdown).flatMap(cell -> cell.source().lines())
                .filter(line -> line.startsWith("# ")).map(line -> line.substring(2).strip()).findFirst().orElse(name);
    }

    private String whole(String title) {
        List<String> scripts = scripts();
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; font-src data:; \
                style-src 'unsafe-inline'; script-src %s">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <main>
                """.formatted(sources(scripts), escape(title), css() + (hasMath ? Katex.style() : "")) + html + "</main>\n"
                + (hasFigures ? Plotly.script() : "") + scripts.stream().map(script -> "<script>" + script + "</script>\n").collect(Collectors.joining())
                + "</body>\n</html>\n";
    }

    private List<String> scripts() {
        List<String> scripts = new ArrayList<>();
        if (hasMath) scripts.add(Katex.script());
        if (hasFigures) scripts.add(Plotly.pageScript());
        return scripts;
    }

    /** The scripts that may run; plotly.js is unpacked into a blob, which only a script that may run can make. */
    private String sources(List<String> scripts) {
        if (scripts.isEmpty()) return "'none'";
        return scripts.stream().map(script -> "'sha256-" + sha256(script) + "'").collect(Collectors.joining(" ")) + (hasFigures ? " blob:" : "");
    }

    private static String css() {
        return new String(WebJar.resource("/lemma/kernel/run/page.css"), StandardCharsets.UTF_8);
    }

    private static String sha256(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private void cell(Notebook.Cell cell) {
        if (cell.isMarkdown()) {
            add("<section class=\"text\">\n" + MarkdownHtml.html(withAttachments(cell)) + "</section>\n");
            return;
        }
        if (!cell.isCode()) return;
        add("<section class=\"code\">\n");
        if (!cell.source().isBlank()) add("<pre class=\"source\"><code>" + JavaColours.html(cell.source()) + "</code></pre>\n");
        for (JsonElement output : cell.outputs()) output(output.getAsJsonObject());
        add("</section>\n");
    }

    private void add(String piece) {
        html.append(piece);
        hasMath |= piece.contains("<span class=\"math");
    }

    private static String withAttachments(Notebook.Cell cell) {
        String source = cell.source();
        if (!(cell.json().get("attachments") instanceof JsonObject attachments)) return source;
        for (String name : attachments.keySet()) {
            for (var form : attachments.getAsJsonObject(name).entrySet()) {
                source = source.replace("(attachment:" + name + ")", "(data:" + form.getKey() + ";base64," + form.getValue().getAsString() + ")");
            }
        }
        return source;
    }

    private void output(JsonObject output) {
        switch (output.get("output_type").getAsString()) {
            case "stream" -> add("<pre class=\"" + escape(output.get("name").getAsString()) + "\">" + Ansi.html(output.get("text").getAsString()) + "</pre>\n");
            case "error" -> add("<pre class=\"error\">" + Ansi.html(traceback(output)) + "</pre>\n");
            default -> add("<div class=\"output\">" + richest(output) + "</div>\n");
        }
    }

    private static String traceback(JsonObject output) {
        StringBuilder text = new StringBuilder();
        for (JsonElement line : output.getAsJsonArray("traceback")) text.append(line.getAsString()).append('\n');
        return text.isEmpty() ? output.get("ename").getAsString() + ": " + output.get("evalue").getAsString() : text.toString();
    }

    /** The best form that a page can show: a claim, a figure, a picture, HTML, text. */
    private String richest(JsonObject output) {
        JsonObject data = output.getAsJsonObject("data");
        if (data.get(Bundle.CLAIM) instanceof JsonObject claim) return claim(new Claim(claim));
        return data.get(Bundle.PLOTLY) instanceof JsonObject figure ? figure(figure, still(output)) : still(output);
    }

    private String figure(JsonObject figure, String still) {
        hasFigures = true;
        return "<div class=\"plotly-figure\"><div class=\"still\">" + still + "</div>\n<script type=\"application/json\">"
                + Json.text(figure).replace("<", "\\u003c") + "</script></div>";
    }

    /** A picture, HTML or text. */
    private static String still(JsonObject output) {
        JsonObject data = output.getAsJsonObject("data");
        for (String mime : new String[] {Bundle.PNG, "image/jpeg", "image/gif"}) {
            if (data.has(mime)) return image(mime, data.get(mime).getAsString(), output);
        }
        if (data.has("image/svg+xml")) return data.get("image/svg+xml").getAsString();
        if (data.has(Bundle.HTML)) return data.get(Bundle.HTML).getAsString();
        if (data.has("text/markdown")) return MarkdownHtml.html(data.get("text/markdown").getAsString());
        if (data.has("text/latex")) return MarkdownHtml.latex(data.get("text/latex").getAsString());
        if (data.has(Bundle.TEXT)) return "<pre>" + Ansi.html(data.get(Bundle.TEXT).getAsString()) + "</pre>";
        return "<pre>" + escape(String.join(", ", data.keySet())) + "</pre>";
    }

    private static String image(String mime, String base64, JsonObject output) {
        String width = "";
        if (output.get("metadata") instanceof JsonObject metadata && metadata.get(mime) instanceof JsonObject size && size.has("width")) {
            width = " width=\"" + size.get("width").getAsInt() + "\"";
        }
        String alt = output.getAsJsonObject("data").has(Bundle.TEXT) ? output.getAsJsonObject("data").get(Bundle.TEXT).getAsString() : "figure";
        return "<img src=\"data:" + mime + ";base64," + base64.replaceAll("\\s", "") + "\"" + width + " alt=\"" + escape(alt) + "\">";
    }

    private static String claim(Claim claim) {
        String outcome = claim.pass() ? "reproduced" : "not reproduced";
        String look = !claim.asExpected() ? "surprise" : claim.pass() ? "pass" : "fail";
        String note = claim.isTiming() ? "timing" : claim.asExpected() ? "as expected" : "expected: " + claim.expect().replace('-', ' ');
        String reason = claim.text("reason").isEmpty() ? "" : "\n<tr><td colspan=\"6\"><small>" + escape(claim.text("reason")) + "</small></td></tr>";
        return """
                <table class="claim %s"><thead><tr><th>paper</th><th>claim</th><th>metric</th><th>bound</th><th>measured</th><th>outcome</th></tr></thead>
                <tbody><tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td><b>%s %s</b><br><small>%s</small></td></tr>%s</tbody></table>"""
                .formatted(look, escape(claim.paper()), escape(claim.id()), escape(claim.text("metric")),
                        escape(claim.text("bound")), escape(claim.text("measured")), claim.pass() ? "✓" : "✗", outcome, escape(note), reason);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
