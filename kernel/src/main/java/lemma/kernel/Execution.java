package lemma.kernel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import jdk.jshell.execution.LocalExecutionControl;

/**
 * Runs snippets in this JVM. The JDK's control instruments the code so that it can be stopped; this one keeps the value of a
 * snippet as the object it is, never builds its text, and runs all user code on one thread with a large stack, so that a thread
 * which the code leaves behind does not hold up the cell.
 */
final class Execution extends LocalExecutionControl {
    private static final long STACK_BYTES = 64L << 20;
    private static final Method NOTHING = nothing();

    private final Map<String, Class<?>> loaded = new LinkedHashMap<>();
    private final ExecutorService userThreads;
    private volatile Thread userThread;
    private volatile Future<Object> running;
    private boolean mayInterrupt;
    private volatile Optional<SystemWait> systemWait = Optional.empty();
    private volatile boolean stopping;
    private volatile boolean exiting;
    private Object value;
    private Exception failure;
    private volatile long nanos;

    Execution() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader(); // the loader delegate set it a moment ago
        ThreadGroup group = Thread.currentThread().getThreadGroup(); // not that of a call, whose threads the JDK's control waits for
        userThreads = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(group, () -> {
                systemWait = SystemWait.ofThisThread();
                task.run();
            }, "cell", STACK_BYTES);
            thread.setDaemon(true);
            thread.setContextClassLoader(loader);
            userThread = thread;
            return thread;
        });
        letRun();
    }

    private static Method nothing() {
        try {
            Method nothing = Execution.class.getDeclaredMethod("doNothing");
            nothing.setAccessible(true);
            return nothing;
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unused")
    private static void doNothing() {}

    /** Takes back what {@link #stop} told the instrumented code: the JDK's control does so before it runs a method, here of its own thread. */
    private void letRun() {
        try {
            super.invoke(NOTHING);
        } catch (Exception e) {
            throw new IllegalStateException("the JDK's control of snippets does not work", e);
        }
    }

    /** What the latest snippet returned. */
    Object value() {
        return value;
    }

    /** Forgets the latest snippet, so that its value is not kept alive from here. */
    void clear() {
        value = null;
        failure = null;
    }

    /** Whether the running cell was told to stop. */
    boolean stopping() {
        return stopping;
    }

    /** Tells apart the next cell from one that was stopped. */
    void arm() {
        if (!stopping) return;
        letRun();
        stopping = false;
    }

    /** Ends the caller when it is the user's thread and was told to stop; output is a place where library code can be stopped. */
    @SuppressWarnings("removal")
    void checkStopped() {
        if (stopping && isUserThread()) throw new ThreadDeath();
    }

    /** Where the user's thread is now. */
    StackTraceElement[] stack() {
        Thread thread = userThread;
        return thread == null ? new StackTraceElement[0] : thread.getStackTrace();
    }

    /** Ends the wait of the user's thread for a socket or a pipe, which an interrupt does not reach. */
    void endSystemWait() {
        systemWait.ifPresent(wait -> wait.end(stack()));
    }

    /** The classes that hold snippets, by name, oldest first. */
    Map<String, Class<?>> loaded() {
        return loaded;
    }

    /** The class {@code name} that holds snippets, also where JShell found it unchanged and did not load it anew. */
    Class<?> holder(String name) {
        return loaded.computeIfAbsent(name, missing -> {
            try {
                return findClass(missing);
            } catch (ClassNotFoundException e) {
                return null;
            }
        });
    }

    @Override
    public void load(ClassBytecodes[] classes) throws ClassInstallException, NotImplementedException, EngineTerminationException {
        super.load(classes);
        for (ClassBytecodes loadedClass : classes) {
            try {
                loaded.put(loadedClass.name(), findClass(loadedClass.name()));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException("the loader lost " + loadedClass.name(), e);
            }
        }
    }

    /** Runs {@code task} as snippets are run: on the user's thread, ended by {@link #stop}. */
    <T> T call(Callable<T> task) throws Exception {
        Object[] result = new Object[1];
        clientCodeEnter();
        try {
            relayed(() -> {
                result[0] = task.call();
                return null;
            });
        } catch (InvocationTargetException e) {
            throw sneaky(e.getCause());
        } finally {
            clientCodeLeave();
        }
        @SuppressWarnings("unchecked")
        T typed = (T) result[0];
        return typed;
    }

    /** JShell drops an internal failure in silence; kept here, it reaches the user. */
    @Override
    public String invoke(String className, String methodName) throws RunException, InternalException, EngineTerminationException {
        failure = null;
        try {
            return super.invoke(className, methodName);
        } catch (InternalException | EngineTerminationException e) {
            failure = e;
            throw e;
        }
    }

    /** Why the latest snippet could not be run at all, or null. */
    Exception failure() {
        return failure;
    }

    @Override
    protected String invoke(Method snippet) throws Exception {
        value = null;
        relayed(() -> {
            value = invokeUnwrapped(snippet);
            return null;
        });
        return "";
    }

    private Object invokeUnwrapped(Method snippet) throws Exception {
        long start = System.nanoTime();
        try {
            return snippet.invoke(null);
        } catch (InvocationTargetException e) {
            HeapReserve.releaseOn(e.getCause());
            throw sneaky(withPlace(e.getCause()));
        } catch (OutOfMemoryError e) { // there was no room for the exception around it
            HeapReserve.releaseOn(e);
            throw e;
        } finally {
            nanos += System.nanoTime() - start;
        }
    }

    /** The death of a stopped thread tells nothing; as an exception it keeps the line that was stopped. */
    @SuppressWarnings("removal")
    private static Throwable withPlace(Throwable thrown) {
        if (!(thrown instanceof ThreadDeath)) return thrown;
        InterruptedException stopped = new InterruptedException("stopped");
        stopped.setStackTrace(thrown.getStackTrace());
        return stopped;
    }

    /** How long snippets have run in all, compilation not counted. */
    long nanos() {
        return nanos;
    }

    boolean isUserThread() {
        return Thread.currentThread() == userThread;
    }

    /** Code that runs code stays one call for {@link #stop}. */
    @Override
    protected void clientCodeEnter() {
        if (!isUserThread()) super.clientCodeEnter();
    }

    @Override
    protected void clientCodeLeave() {
        if (!isUserThread()) super.clientCodeLeave();
    }

    @SuppressWarnings("removal")
    private void relayed(Callable<Object> task) throws Exception {
        if (isUserThread()) {
            task.call();
            return;
        }
        try {
            onUserThread(task);
        } catch (ThreadDeath stopped) {
            throw new StoppedException();
        } catch (Throwable thrown) {
            throw new InvocationTargetException(thrown);
        }
    }

    /** The JVM is ending: when the user's thread asked for it, the call that waits for that thread returns. */
    void exit() {
        Future<Object> waitedFor = running;
        if (waitedFor == null || Arrays.stream(stack()).noneMatch(frame -> frame.getClassName().equals("java.lang.Shutdown"))) return;
        exiting = true;
        waitedFor.cancel(false);
    }

    /** Whether the running cell is ending the JVM. */
    boolean exiting() {
        return exiting;
    }

    private void onUserThread(Callable<Object> task) throws Exception {
        FutureTask<Object> call = new FutureTask<>(() -> {
            beInterruptible();
            try {
                return task.call();
            } finally {
                beUninterruptible();
            }
        });
        running = call; // before it starts: a cell that ends the JVM at once finds what to cancel
        userThreads.execute(call);
        try {
            call.get();
        } catch (CancellationException exit) {
            throw new InterruptedException("the JVM is ending");
        } catch (ExecutionException e) {
            throw sneaky(e.getCause());
        } finally {
            running = null;
        }
    }

    private synchronized void beInterruptible() throws InterruptedException {
        if (stopping) throw new InterruptedException("stopped");
        Thread.interrupted(); // left over from a cell that was stopped
        mayInterrupt = true;
    }

    private synchronized void beUninterruptible() {
        mayInterrupt = false;
    }

    private synchronized void interruptUserThread() {
        if (mayInterrupt) userThread.interrupt();
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Override
    public void stop() throws EngineTerminationException, InternalException {
        stopping = true;
        super.stop();
        interruptUserThread();
    }

    @Override
    public void close() {
        userThreads.shutdownNow();
    }
}
