package lemma.display;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a value looks like, once per MIME type, as Jupyter's {@code display_data} carries it.
 *
 * <p>A value is a {@code String} (text, HTML, SVG, Markdown, LaTeX), a {@code byte[]} (PNG, JPEG; the sink encodes it) or a
 * {@code Map}/{@code List} of plain values (JSON types such as {@code application/vnd.plotly.v1+json}).
 *
 * @param data MIME type to value, in the order in which the forms were given
 * @param metadata MIME type to metadata, empty for most bundles
 * @see <a href="https://jupyter-client.readthedocs.io/en/stable/messaging.html#display-data">Jupyter messaging 5.3, display_data</a>
 */
public record Bundle(Map<String, Object> data, Map<String, Object> metadata) {
    public static final String TEXT = "text/plain";
    public static final String HTML = "text/html";
    public static final String PNG = "image/png";
    public static final String PLOTLY = "application/vnd.plotly.v1+json";
    public static final String CLAIM = "application/vnd.lemma.claim+json";

    public Bundle {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** A bundle whose only form is plain text. */
    public static Bundle text(String text) {
        return of(TEXT, text);
    }

    /** A bundle with one form. */
    public static Bundle of(String mime, Object value) {
        return new Bundle(Map.of(mime, Objects.requireNonNull(value, mime)), Map.of());
    }

    /** This bundle with one more form. */
    public Bundle with(String mime, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(data);
        more.put(mime, Objects.requireNonNull(value, mime));
        return new Bundle(more, metadata);
    }

    /** The plain text, or an empty string when the bundle has none. */
    public String plain() {
        return data.getOrDefault(TEXT, "").toString();
    }
}
