package lemma.kernel;

import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.JShell;
import jdk.jshell.MethodSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.Snippet.SubKind;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.VarSnippet;

/** Runs cells in a JShell that lives in this JVM and lets go of what a cell replaced. One thread runs cells; any may interrupt. */
final class Engine implements AutoCloseable {
    private static final Set<SubKind> SHOWN = Set.of(SubKind.TEMP_VAR_EXPRESSION_SUBKIND, SubKind.VAR_VALUE_SUBKIND, SubKind.OTHER_EXPRESSION_SUBKIND);

    private final Indexing indexing = new Indexing();
    private final Tracebacks tracebacks = new Tracebacks(indexing);
    private final Consumer<String> warn;
    private final JShell shell;
    private final SourceCodeAnalysis analysis;
    private Execution execution;
    private Cell cell = new Cell(0, "");
    private int offset;
    private int snippets;
    private volatile String classPath = System.getProperty("java.class.path");
    private final Results results;
    private final List<DeclarationSnippet> incomplete = new ArrayList<>();
    private final Overloads overloads;
    private final SealedTypes sealed = new SealedTypes();
    private final StarImports starImports = new StarImports(Startup.packages());

    /** What a cell came to: a value (null for none) or an error. */
    record Outcome(Object value, CellError error) {
        static final Outcome NOTHING = new Outcome(null, null);

        boolean failed() {
            return error != null;
        }
    }

    /** @param warn takes notes to the user that are no errors */
    Engine(Consumer<String> warn, List<String> compilerOptions) {
        this.warn = warn;
        shell = JShell.builder()
                .executionEngine(new ExecutionProvider(made -> execution = made), Map.of())
                .idGenerator((snippet, index) -> nextId())
                .tempVariableNameGenerator(() -> "$" + cell.number())
                .compilerOptions(compilerOptions.toArray(String[]::new))
                .fileManager(files -> new CompilerFiles(files, AotCache.of(classPath).packages(), indexing))
                .build();
        analysis = shell.sourceCodeAnalysis();
        results = new Results(shell, execution);
        overloads = new Overloads(shell);
    }

    private String nextId() {
        String id = Integer.toString(++snippets);
        tracebacks.place(id, cell, offset);
        return id;
    }

    /** Makes jars and class folders, joined by the path separator, available to compiler and code. */
    void addToClasspath(String path) {
        shell.addToClasspath(path);
        classPath = classPath + File.pathSeparator + path;
    }

    /** All that compiler and code see, joined by the path separator. */
    String classPath() {
        return classPath;
    }

    /** Before a cell: forgets that an earlier one was told to stop, and holds heap back for after it. */
    void arm() {
        indexing.cellBegins();
        HeapReserve.refill();
        execution.arm();
    }

    /** Runs the code of {@code next} between {@code from} and {@code to} snippet by snippet up to the first failure. */
    Outcome run(Cell next, int from, int to) {
        cell = next;
        Object value = null;
        for (int start = from; cell.codeStart(start) < to; ) {
            offset = cell.codeStart(start);
            if (execution.stopping()) return new Outcome(null, tracebacks.interruptedAt(cell, offset));
            CompletionInfo info = analysis.analyzeCompletion(cell.code().substring(offset, to));
            if (info.completeness() == Completeness.EMPTY) break;
            Outcome outcome = runSnippet(info.source() == null ? cell.code().substring(offset, to) : info.source());
            if (outcome.failed()) return outcome;
            value = outcome.value();
            if (info.completeness() != Completeness.COMPLETE) break;
            start = to - info.remaining().length();
        }
        return new Outcome(value, null);
    }

    /** Runs {@code task} for code of the running cell, which goes on behind it; the task is given the cell's number. */
    Outcome nested(IntFunction<Outcome> task) {
        if (!execution.isUserThread()) throw new IllegalStateException("eval works only on the thread that runs the cell");
        Cell outer = cell;
        int at = offset;
        try {
            return task.apply(outer.number());
        } finally {
            cell = outer;
            offset = at;
            execution.clear();
        }
    }

    /** Runs {@code cell} as a whole, without magics. */
    Outcome run(Cell whole) {
        return run(whole, 0, whole.code().length());
    }

    /** After a cell: tells what is declared but cannot be used, and lets go of what it replaced. */
    void settle() {
        incomplete.forEach(this::warnOfIncomplete);
        sealed.untold().forEach((name, missing) -> warn.accept(name + " is not sealed before this is defined: " + String.join(", ", missing) + "\n"));
        incomplete.clear();
        execution.clear();
        results.forgetOlder();
        release();
        idle();
    }

    /** No cell runs: what can wait may be done. */
    void idle() {
        indexing.cellEnded();
    }

    Indexing indexing() {
        return indexing;
    }

    /** The value of {@code expression} after the latest cell; nothing of it stays. */
    Outcome evaluate(String expression) {
        int before = results.count();
        try {
            return run(new Cell(cell.number(), "expression", expression));
        } finally {
            execution.clear();
            results.dropAfter(before);
            release();
        }
    }

    /** What {@code task} finds when the older results that {@code code} names are variables. */
    <T> T withResultsOf(String code, Supplier<T> task) {
        results.recall(code);
        try {
            return task.get();
        } finally {
            results.forgetOlder();
        }
    }

    private void warnOfIncomplete(DeclarationSnippet declaration) {
        Status status = shell.status(declaration);
        if (status != Status.RECOVERABLE_NOT_DEFINED && status != Status.RECOVERABLE_DEFINED) return; // what it needs came later in the cell
        List<String> missing = shell.unresolvedDependencies(declaration).toList();
        Hints hints = new Hints(shell, indexing);
        String hint = missing.stream().flatMap(name -> hints.ofName(name).stream()).map(text -> text + "\n").collect(Collectors.joining());
        warn.accept(declaration.name() + " cannot be used before this is defined: " + String.join(", ", missing) + "\n" + hint);
    }

    private Outcome runSnippet(String source) {
        List<SnippetEvent> events = unambiguous(source);
        if (!events.isEmpty() && events.getFirst().snippet() instanceof MethodSnippet method) separate(method);
        Outcome outcome = evaluate(events);
        for (String declaration : outcome.failed() ? List.<String>of() : sealed.complete(shell)) {
            Outcome completed = evaluate(shell.eval(declaration));
            if (completed.failed()) return completed;
        }
        return outcome;
    }

    /** Declares again the overloads of {@code method} that would bring back what it replaced. */
    private void separate(MethodSnippet method) {
        Set<String> done = new HashSet<>(Set.of(method.source()));
        for (Optional<MethodSnippet> next = overloads.besideReplaced(method, done); next.isPresent(); next = overloads.besideReplaced(method, done)) {
            tracebacks.placeAs(shell.eval(next.get().source()).getFirst().snippet().id(), next.get().id());
        }
    }

    /** Runs {@code source}; where names of its were ambiguous for imports of the session itself, once more with the user's. */
    private List<SnippetEvent> unambiguous(String source) {
        results.recall(source);
        List<SnippetEvent> events = shell.eval(source);
        if (events.isEmpty() || events.getFirst().status() != Status.REJECTED) return events;
        List<String> deciding = starImports.deciding(shell, events.getFirst().snippet());
        if (deciding.isEmpty()) return events;
        deciding.forEach(shell::eval);
        return shell.eval(source);
    }

    private Outcome evaluate(List<SnippetEvent> events) {
        Object value = null;
        for (SnippetEvent event : events) {
            if (event.causeSnippet() != null) continue; // an older snippet that this one changed
            CellError error = error(event);
            if (error != null) return new Outcome(null, error);
            standIn(event);
            value = value(event);
        }
        return new Outcome(value, null);
    }

    /** A sealed type that waits for those it permits is an open one until they are there. */
    private void standIn(SnippetEvent event) {
        if (!(event.snippet() instanceof TypeDeclSnippet type)) return;
        sealed.forget(type.name());
        if (event.status() != Status.RECOVERABLE_NOT_DEFINED) return;
        String open = sealed.open(type, shell.unresolvedDependencies(type).toList());
        if (open != null) shell.eval(open);
    }

    private CellError error(SnippetEvent event) {
        Snippet snippet = event.snippet();
        if (execution.exiting()) return CellError.of("SystemExit", "the cell called System.exit, which ends the kernel and all that it holds", List.of());
        if (execution.failure() != null) return tracebacks.thrown(execution.failure());
        if (event.exception() != null && execution.stopping()) return tracebacks.interrupted(event.exception());
        if (event.exception() != null) return tracebacks.thrown(event.exception());
        if (event.status() == Status.REJECTED) return tracebacks.compileError(shell, snippet, cell, offset);
        if (!(snippet instanceof DeclarationSnippet declaration)) return null;
        if (event.status() == Status.RECOVERABLE_NOT_DEFINED && snippet instanceof VarSnippet) {
            CellError error = tracebacks.unresolved(shell, declaration);
            shell.drop(snippet);
            return error;
        }
        if (event.status() == Status.RECOVERABLE_NOT_DEFINED || event.status() == Status.RECOVERABLE_DEFINED) {
            incomplete.add(declaration);
        }
        return null;
    }

    private Object value(SnippetEvent event) {
        if (!SHOWN.contains(event.snippet().subKind())) return null;
        if (event.snippet().subKind() == SubKind.TEMP_VAR_EXPRESSION_SUBKIND) results.add((VarSnippet) event.snippet());
        return execution.value();
    }

    /**
     * Nulls the static fields of snippets that were replaced or dropped, and of the classes in them: these stay loaded as long as
     * this JVM, and would keep what the fields hold. Final fields cannot be set and keep it.
     */
    private void release() {
        Set<String> live = shell.snippets().filter(snippet -> snippet instanceof DeclarationSnippet && shell.status(snippet).isActive())
                .map(snippet -> analysis.wrapper(snippet).fullClassName()).collect(Collectors.toCollection(HashSet::new));
        Iterator<Class<?>> classes = execution.loaded().values().iterator();
        while (classes.hasNext()) {
            Class<?> loaded = classes.next();
            if (live.contains(outermost(loaded).getName())) continue;
            nullFields(loaded);
            classes.remove();
        }
    }

    private static Class<?> outermost(Class<?> type) {
        Class<?> outer = type;
        while (outer.getEnclosingClass() != null) outer = outer.getEnclosingClass();
        return outer;
    }

    private static void nullFields(Class<?> holder) {
        for (Field field : holder.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) || Modifier.isFinal(field.getModifiers()) || field.getType().isPrimitive()) continue;
            try {
                field.setAccessible(true);
                field.set(null, null);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("cannot release " + field, e);
            }
        }
    }

    /** Runs {@code task} as cells run: on their thread, stopped by {@link #interrupt}. */
    <T> T call(Callable<T> task) throws Exception {
        return execution.call(task);
    }

    /** The error of a cell for which {@code failure} came out of a library or of us. */
    CellError describe(Throwable failure) {
        return execution.stopping() ? interrupted() : tracebacks.thrown(failure);
    }

    /** The error of a cell that was told to stop, with no line to name. */
    CellError interrupted() {
        return tracebacks.interrupted(null);
    }

    Execution execution() {
        return execution;
    }

    JShell shell() {
        return shell;
    }

    SourceCodeAnalysis analysis() {
        return analysis;
    }

    /** Tells what runs to stop. */
    void interrupt() {
        shell.stop();
    }

    @Override
    public void close() {
        shell.close();
    }
}
