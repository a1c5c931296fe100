package lemma.nn;

import java.util.Locale;
import java.util.Map;
import lemma.display.Bundle;
import lemma.tensor.Tensor;

/** A network as a table: each parameter with its shape, type and number of elements, then the state, then the sum. */
final class Summary {
    private Summary() {}

    static Bundle of(Module module, Params params, Params state) {
        StringBuilder html = new StringBuilder("<pre style=\"font-family: monospace; white-space: pre-wrap; word-break: normal\">")
                .append(escape(module.toString())).append("</pre>\n<table class=\"dataframe\">\n<thead><tr><th>parameter</th><th>shape</th>"
                + "<th>type</th><th>elements</th></tr></thead>\n<tbody>\n");
        rows(params.asMap(), "", html);
        rows(state.asMap(), " (state)", html);
        html.append("</tbody></table>\n<p>").append(String.format(Locale.ROOT, "%,d parameters", params.count())).append("</p>");
        return Bundle.of(Bundle.HTML, html.toString());
    }

    private static void rows(Map<String, Tensor> tensors, String note, StringBuilder html) {
        tensors.forEach((name, t) -> html.append(String.format(Locale.ROOT, "<tr><td>%s</td><td>%s</td><td>%s</td><td>%,d</td></tr>%n",
                escape(name) + note, t.shape(), t.dtype(), t.size())));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
