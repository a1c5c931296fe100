package io.github.spencerpark.jupyter.kernel.display;

import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.LinkedHashMap;
import java.util.Map;
import lemma.display.Bundle;

/** The forms of one value while a renderer collects them. */
public final class DisplayData {
    private final Map<String, Object> forms = new LinkedHashMap<>();

    public void putData(String mime, Object form) {
        forms.put(mime, form);
    }

    public void putData(MIMEType type, Object form) {
        putData(type.name(), form);
    }

    public void putText(String text) {
        putData(MIMEType.TEXT_PLAIN, text);
    }

    public void putHTML(String html) {
        putData(MIMEType.TEXT_HTML, html);
    }

    public void putMarkdown(String markdown) {
        putData(MIMEType.TEXT_MARKDOWN, markdown);
    }

    public void putLatex(String latex) {
        putData(MIMEType.TEXT_LATEX, latex);
    }

    public void putSVG(String svg) {
        putData(MIMEType.IMAGE_SVG, svg);
    }

    Bundle bundle() {
        return new Bundle(forms, Map.of());
    }
}
