package lemma.kernel;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import lemma.display.Bundle;
import lemma.kernel.wire.Json;

/** What a cell can call without an import: showing values in more ways than as its result, and magics as methods. */
public final class Notebook {
    private static volatile Notebook current;

    private final Publisher publisher;
    private final Renderers renderers;
    private volatile String shown = "";

    private final Magics magics;

    Notebook(Publisher publisher, Renderers renderers, Magics magics) {
        this.publisher = publisher;
        this.renderers = renderers;
        this.magics = magics;
    }

    /** Makes {@code notebook} the one that the static methods speak to; a process runs one kernel. */
    static void install(Notebook notebook) {
        current = notebook;
    }

    private static Notebook current() {
        Notebook notebook = current;
        if (notebook == null) throw new IllegalStateException("this works only in a notebook cell; elsewhere use lemma.display.Display");
        return notebook;
    }

    /**
     * Shows {@code value} below the cell, in all its forms or in {@code mimes} only.
     *
     * @return the id under which {@link #updateDisplay} replaces it
     */
    public static String display(Object value, String... mimes) {
        return current().show(render(value, mimes));
    }

    /** The forms of {@code value}, all or those in {@code mimes}. */
    public static Bundle render(Object value, String... mimes) {
        return current().renderers.render(value, mimes);
    }

    /** Replaces what was shown under {@code id}. */
    public static void updateDisplay(String id, Object value, String... mimes) {
        current().update(id, render(value, mimes));
    }

    /** Removes what the cell has shown so far. */
    public static void clearOutput() {
        clearOutput(false);
    }

    /** Removes what the cell has shown so far; with {@code wait} not before something new is shown, so that nothing flickers. */
    public static void clearOutput(boolean wait) {
        current().publisher.send("clear_output", Json.object("wait", wait));
    }

    /** Shows every {@code type} by {@code renderer} from now on. */
    public static <T> void registerRenderer(Class<T> type, Function<? super T, Bundle> renderer) {
        current().renderers.register(type, renderer);
    }

    /** What {@code %name arguments} does. */
    public static void lineMagic(String name, List<String> arguments) {
        current().magics.line(name, arguments);
    }

    /** What {@code %%name arguments} does with {@code body} below it. */
    public static void cellMagic(String name, List<String> arguments, String body) {
        current().magics.cell(name, arguments, body);
    }

    private String show(Bundle bundle) {
        String id = UUID.randomUUID().toString();
        show(id, bundle);
        shown = id;
        return id;
    }

    void show(String id, Bundle bundle) {
        publisher.send("display_data", content(id, bundle));
    }

    void update(String id, Bundle bundle) {
        publisher.send("update_display_data", content(id, bundle));
    }

    private static JsonObject content(String id, Bundle bundle) {
        return Json.object("data", bundle.data(), "metadata", bundle.metadata(), "transient", Json.object("display_id", id));
    }

    /** Whether {@code value} is the id that the latest {@link #display} returned, which is no result worth showing. */
    boolean isShownId(Object value) {
        return value == shown;
    }
}
