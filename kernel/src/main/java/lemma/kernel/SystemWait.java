package lemma.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/**
 * Ends one thread's wait for a socket or a pipe, to which an interrupt of a platform thread does nothing. Linux tells for which descriptor
 * a thread waits. Shutting a socket down ends a read as at the end of the stream and an accept with an exception. A pipe, such as a
 * process's output, is replaced by an empty file, and the signal by which the JDK itself ends waits makes the thread look again.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_syscall.5.html">proc_pid_syscall(5)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/shutdown.2.html">shutdown(2)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/dup.2.html">dup2(2)</a>
 */
final class SystemWait {
    private static final Path THIS_THREAD = Path.of("/proc/thread-self");
    private static final int BOTH_WAYS = 2;
    private static final int READ_AND_WRITE = 2;
    private static final int WAKE = 62; // __SIGRTMAX - 2 of sun.nio.ch.NativeThread, whose handler does nothing
    private static final String POLL = "poll"; // its first argument points to the descriptor, that of the others is the descriptor
    private static final Set<String> SOCKETS = Set.of("sun.nio.ch.Net.poll", "sun.nio.ch.Net.accept", "sun.nio.ch.Net.connect0",
            "sun.nio.ch.SocketDispatcher.read0", "sun.nio.ch.SocketDispatcher.write0");
    private static final Set<String> STREAMS = Set.of("java.io.FileInputStream.readBytes", "java.io.FileInputStream.read0",
            "java.io.FileOutputStream.writeBytes", "java.io.FileOutputStream.write");

    private final Path task;

    private SystemWait(Path task) {
        this.task = task;
    }

    /** The waits of the thread that asks; empty where the system does not tell. */
    static Optional<SystemWait> ofThisThread() {
        try {
            return Files.exists(THIS_THREAD) ? Optional.of(new SystemWait(THIS_THREAD.toRealPath())) : Optional.empty();
        } catch (IOException e) {
            Log.warn("threads that wait for a socket or a pipe cannot be stopped here", e);
            return Optional.empty();
        }
    }

    /** Ends the wait of the thread, whose frames are {@code stack}; nothing when it waits for neither socket nor pipe. */
    void end(StackTraceElement[] stack) {
        if (stack.length == 0) return;
        String method = stack[0].getClassName() + "." + stack[0].getMethodName();
        boolean socket = SOCKETS.contains(method);
        if (!socket && !STREAMS.contains(method)) return;
        try {
            String[] words = Files.readString(task.resolve("syscall")).split("\\s+"); // the call's number and its arguments
            if (words.length < 3) return; // it runs again
            long first = Long.decode(words[1]);
            if (!socket) endPipe((int) first);
            else shutdown(stack[0].getMethodName().equals(POLL) ? MemorySegment.ofAddress(first).reinterpret(Integer.BYTES).get(ValueLayout.JAVA_INT, 0) : (int) first);
        } catch (IOException e) {
            Log.warn("cannot see what the cell waits for", e);
        }
    }

    private static void shutdown(int socket) {
        call("shutdown", socket, BOTH_WAYS); // fails when not connected any more: then the wait has ended by itself
    }

    private void endPipe(int pipe) throws IOException {
        Path file = Files.readSymbolicLink(task.resolve("fd").resolve(Integer.toString(pipe)));
        if (!file.toString().startsWith("pipe:") && !Files.readAttributes(file, "isOther").get("isOther").equals(true)) return;
        if (!wakes()) return;
        int empty = open("/dev/null");
        if (empty < 0) return;
        call("dup2", empty, pipe);
        call("close", empty);
        call("tgkill", (int) ProcessHandle.current().pid(), Integer.parseInt(task.getFileName().toString()), WAKE);
    }

    /** Whether the JDK handles the signal; where it does not, the signal would end this process. */
    private boolean wakes() throws IOException {
        String caught = Files.readAllLines(task.resolve("status")).stream().filter(line -> line.startsWith("SigCgt:")).findFirst().orElse("SigCgt: 0");
        return (Long.parseUnsignedLong(caught.substring(7).strip(), 16) >>> WAKE - 1 & 1) == 1;
    }

    private static int open(String file) {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        MethodHandle open = linker.downcallHandle(linker.defaultLookup().findOrThrow("open"), type, Linker.Option.firstVariadicArg(2));
        try (Arena arena = Arena.ofConfined()) {
            return (int) open.invokeExact(arena.allocateFrom(file), READ_AND_WRITE);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot call open", e);
        }
    }

    private static void call(String function, Integer... arguments) {
        Linker linker = Linker.nativeLinker();
        MemoryLayout[] types = Collections.nCopies(arguments.length, ValueLayout.JAVA_INT).toArray(MemoryLayout[]::new);
        MethodHandle handle = linker.downcallHandle(linker.defaultLookup().findOrThrow(function), FunctionDescriptor.of(ValueLayout.JAVA_INT, types));
        try {
            handle.invokeWithArguments((Object[]) arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot call " + function, e);
        }
    }
}
