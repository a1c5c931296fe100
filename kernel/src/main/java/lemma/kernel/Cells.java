package lemma.kernel;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lemma.display.Bundle;
import lemma.display.Display;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;

/** Answers the requests about code: runs cells, completes, inspects, remembers. All but {@link #interrupt} belong to one thread. */
final class Cells {
    /** A name and a question mark, which is no Java: shows the name's documentation. */
    private static final Pattern HELP = Pattern.compile("\\s*(%{0,2}[\\w.$]+)\\s*\\?\\s*");

    private final Publisher publisher;
    private final Console console;
    private final Renderers renderers = new Renderers();
    private final History history = new History();
    private final Comms comms;
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
        comms = new Comms(publisher);
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
        notebook = new Notebook(publisher, renderers, magics, runner, comms, console);
        Notebook.install(notebook);
        Startup.imports(engine);
        try {
            magics.add(Paths.expandAll(settings.classpath()));
            Startup.scripts(settings).stream().map(runner::run).filter(Engine.Outcome::failed)
                    .forEach(failed -> startupNotes.add(String.join("\n", failed.error().traceback()) + "\n"));
        } catch (RuntimeException e) {
            startupNotes.add(e.getMessage() + "\n");
        }
        engine.idle();
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

    /** The JVM is ending; a cell that asked for it is answered. */
    void exit() {
        Engine running = engine;
        if (running != null) running.execution().exit();
    }

    /** Whether a cell has ended the JVM. */
    boolean exiting() {
        Engine running = engine;
        return running != null && running.execution().exiting();
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
        JsonObject reply = stoppable(() -> execute(cell, silent, content.get("user_expressions")));
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

    private <T> T stoppable(Supplier<T> task) {
        Interruption stop = new Interruption(engine, this::warn);
        interruption = stop;
        stop.requestAfter(settings.timeoutMillis());
        try {
            return task.get();
        } finally {
            interruption = null;
            stop.end();
        }
    }

    private JsonObject execute(Cell cell, boolean silent, JsonElement expressions) {
        Matcher asked = HELP.matcher(cell.code());
        if (asked.matches()) return help(asked.group(1), silent);
        CellError error = run(cell, silent);
        return error == null ? ok(expressions, List.of()) : failed(error, silent);
    }

    /** The documentation of {@code name}, for the client's pager. */
    private JsonObject help(String name, boolean silent) {
        Bundle found = new Assistant(engine).inspect(name, name.length());
        if (found == null) return failed(CellError.of("NotFound", "nothing here is named " + name, List.of()), silent);
        return ok(null, List.of(Map.of("source", "page", "data", found.data(), "start", 0)));
    }

    Comms comms() {
        return comms;
    }

    /** Hands a page's message to the code that took the comm; what that code shows or throws answers the message. */
    void handleComm(Message request) {
        Message before = publisher.answering(request);
        CellError error = stoppable(() -> {
            engine.arm();
            try {
                return engine.call(() -> {
                    comms.handle(request);
                    return null;
                });
            } catch (Exception | LinkageError | StackOverflowError e) {
                return engine.describe(e);
            } finally {
                engine.settle();
            }
        });
        if (error != null) warn(String.join("\n", error.traceback()) + "\n");
        publisher.answering(before);
    }

    private CellError run(Cell cell, boolean silent) {
        Engine.Outcome outcome = runner.run(cell);
        if (outcome.failed()) return outcome.error();
        if (silent || outcome.value() == null || notebook.isShownId(outcome.value())) return null;
        try {
            Bundle bundle = render(outcome.value());
            history.result(cell.number(), bundle.plain());
            publisher.send("execute_result", Json.object("execution_count", cell.number(), "data", bundle.data(), "metadata", bundle.metadata()));
            return null;
        } catch (Exception | LinkageError | StackOverflowError e) {
            return engine.describe(e);
        }
    }

    /** On the thread of cells where that may run their code. */
    private Bundle render(Object value) throws Exception {
        return renderers.isPlain(value) ? renderers.render(value) : engine.call(() -> renderers.render(value));
    }

    private JsonObject ok(JsonElement expressions, List<?> payload) {
        JsonObject values = new JsonObject();
        if (expressions != null && expressions.isJsonObject()) {
            for (Map.Entry<String, JsonElement> expression : expressions.getAsJsonObject().entrySet()) {
                values.add(expression.getKey(), evaluate(expression.getValue().getAsString()));
            }
        }
        return Json.object("status", "ok", "execution_count", count, "user_expressions", values, "payload", payload);
    }

    private JsonObject evaluate(String expression) {
        Engine.Outcome outcome = engine.evaluate(expression);
        if (outcome.failed()) return error(outcome.error());
        try {
            Bundle bundle = render(outcome.value());
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
        Assistant.Completion completion = engine.withResultsOf(code, () -> new Assistant(engine).complete(code, cursor));
        int start = CodePoints.ofIndex(code, completion.start());
        int end = CodePoints.ofIndex(code, completion.end());
        List<?> types = completion.matches().stream().map(match -> Map.of("start", start, "end", end, "text", match.text(), "type", match.kind(),
                "signature", match.signature())).toList();
        return Json.object("status", "ok", "matches", completion.matches().stream().map(Assistant.Match::text).toList(), "cursor_start", start,
                "cursor_end", end, "metadata", Json.object("_jupyter_types_experimental", types));
    }

    JsonObject inspect(JsonObject content) {
        String code = code(content);
        int cursor = CodePoints.toIndex(code, content.get("cursor_pos").getAsInt());
        Bundle found = engine.withResultsOf(code, () -> new Assistant(engine).inspect(code, cursor));
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
