package lemma.kernel;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lemma.display.Bundle;
import lemma.display.Display;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;

/** Answers the requests about code: runs cells, completes, inspects, remembers. All but {@link #interrupt} belong to one thread. */
final class Cells {
    private final Publisher publisher;
    private final Console console;
    private final Renderers renderers = new Renderers();
    private final History history = new History();
    private final PrintStream out;
    private final PrintStream err;
    private final List<String> startupNotes = new ArrayList<>();
    private volatile Engine engine;
    private volatile Interruption interruption;
    private Settings settings;
    private Runner runner;
    private volatile Notebook notebook;
    private int count;

    Cells(Publisher publisher, Console console) {
        this.publisher = publisher;
        this.console = console;
        out = KernelStream.to(publisher::stdout, this::checkStopped);
        err = KernelStream.to(publisher::stderr, this::checkStopped);
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    int count() {
        return count;
    }

    /** Starts JShell, brings in the toolkit's imports and runs the user's start-up scripts; what fails there the first cell tells. */
    void start() {
        settings = readSettings();
        engine = new Engine(this::warn, settings.compilerOptions());
        Magics magics = new Magics(engine);
        runner = new Runner(engine, magics);
        notebook = new Notebook(publisher, renderers, magics);
        Notebook.install(notebook);
        Startup.imports(engine);
        try {
            magics.add(Paths.expandAll(settings.classpath()));
            Startup.scripts(settings).stream().map(runner::run).filter(Engine.Outcome::failed)
                    .forEach(failed -> startupNotes.add(String.join("\n", failed.error().traceback()) + "\n"));
        } catch (RuntimeException e) {
            startupNotes.add(e.getMessage() + "\n");
        }
    }

    private Settings readSettings() {
        try {
            return Settings.of(System.getenv());
        } catch (IllegalArgumentException e) {
            startupNotes.add(e.getMessage() + "\n");
            return Settings.of(Map.of());
        }
    }

    private void warn(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        publisher.stderr(bytes, 0, bytes.length);
    }

    private void checkStopped() {
        Engine running = engine;
        if (running != null) running.execution().checkStopped();
    }

    Display.Sink sink() {
        return new Display.Sink() {
            @Override
            public void show(String id, Bundle bundle) {
                checkStopped();
                notebook.show(id, bundle);
            }

            @Override
            public void update(String id, Bundle bundle) {
                checkStopped();
                notebook.update(id, bundle);
            }
        };
    }

    /** Stops the running cell, if one runs. */
    void interrupt() {
        Interruption running = interruption;
        if (running != null) running.request();
    }

    JsonObject execute(Message request) {
        JsonObject content = request.content();
        String code = code(content);
        boolean silent = flag(content, "silent", false);
        boolean store = flag(content, "store_history", !silent) && !silent;
        if (store) count++;
        Cell cell = new Cell(count, code);
        publisher.answering(request);
        if (!silent) publisher.send("execute_input", Json.object("code", code, "execution_count", count));
        if (store) history.add(count, code);
        startupNotes.forEach(this::warn);
        startupNotes.clear();
        console.answering(flag(content, "allow_stdin", true) ? request : null);
        JsonObject reply = execute(cell, silent, content.get("user_expressions"));
        console.answering(null);
        return reply;
    }

    private static String code(JsonObject content) {
        if (!content.has("code")) throw new IllegalArgumentException("the request has no code");
        return content.get("code").getAsString();
    }

    private static boolean flag(JsonObject content, String name, boolean otherwise) {
        return content.has(name) ? content.get(name).getAsBoolean() : otherwise;
    }

    private JsonObject execute(Cell cell, boolean silent, JsonElement expressions) {
        Interruption stop = new Interruption(engine, this::warn);
        interruption = stop;
        stop.requestAfter(settings.timeoutMillis());
        try {
            CellError error = run(cell, silent);
            return error == null ? ok(expressions) : failed(error, silent);
        } finally {
            interruption = null;
            stop.end();
        }
    }

    private CellError run(Cell cell, boolean silent) {
        Engine.Outcome outcome = runner.run(cell);
        if (outcome.failed()) return outcome.error();
        if (silent || outcome.value() == null || notebook.isShownId(outcome.value())) return null;
        try {
            Bundle bundle = engine.call(() -> renderers.render(outcome.value()));
            publisher.send("execute_result", Json.object("execution_count", cell.number(), "data", bundle.data(), "metadata", bundle.metadata()));
            return null;
        } catch (Exception | LinkageError | StackOverflowError e) {
            return engine.describe(e);
        }
    }

    private JsonObject ok(JsonElement expressions) {
        JsonObject values = new JsonObject();
        if (expressions != null && expressions.isJsonObject()) {
            for (Map.Entry<String, JsonElement> expression : expressions.getAsJsonObject().entrySet()) {
                values.add(expression.getKey(), evaluate(expression.getValue().getAsString()));
            }
        }
        return Json.object("status", "ok", "execution_count", count, "user_expressions", values, "payload", List.of());
    }

    private JsonObject evaluate(String expression) {
        Engine.Outcome outcome = engine.evaluate(expression);
        if (outcome.failed()) return error(outcome.error());
        try {
            Bundle bundle = engine.call(() -> renderers.render(outcome.value()));
            return Json.object("status", "ok", "data", bundle.data(), "metadata", bundle.metadata());
        } catch (Exception | LinkageError | StackOverflowError e) {
            return error(engine.describe(e));
        }
    }

    private JsonObject failed(CellError error, boolean silent) {
        JsonObject content = error(error);
        if (!silent) publisher.send("error", Json.object("ename", error.name(), "evalue", error.message(), "traceback", error.traceback()));
        content.addProperty("execution_count", count);
        return content;
    }

    private static JsonObject error(CellError error) {
        return Json.object("status", "error", "ename", error.name(), "evalue", error.message(), "traceback", error.traceback());
    }

    JsonObject complete(JsonObject content) {
        String code = code(content);
        int cursor = CodePoints.toIndex(code, content.get("cursor_pos").getAsInt());
        Assistant.Completion completion = new Assistant(engine).complete(code, cursor);
        return Json.object("status", "ok", "matches", completion.matches(), "cursor_start", CodePoints.ofIndex(code, completion.start()),
                "cursor_end", CodePoints.ofIndex(code, completion.end()), "metadata", new JsonObject());
    }

    JsonObject inspect(JsonObject content) {
        String code = code(content);
        int cursor = CodePoints.toIndex(code, content.get("cursor_pos").getAsInt());
        Bundle found = new Assistant(engine).inspect(code, cursor);
        return Json.object("status", "ok", "found", found != null, "data", found == null ? Map.of() : found.data(), "metadata", Map.of());
    }

    JsonObject isComplete(JsonObject content) {
        Assistant.Completeness answer = new Assistant(engine).isComplete(code(content));
        JsonObject reply = Json.object("status", answer.status());
        if (answer.status().equals("incomplete")) reply.addProperty("indent", answer.indent());
        return reply;
    }

    JsonObject history(JsonObject content) {
        return Json.object("status", "ok", "history", history.answer(content));
    }
}
