package lemma.kernel;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Ends one thread's wait for a socket. A read of a {@link java.net.Socket} or an accept ignores interrupts on a platform thread; Linux tells
 * for which descriptor a thread waits, and shutting that down ends the read as at the end of the stream and the accept with an exception.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_syscall.5.html">proc_pid_syscall(5)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/shutdown.2.html">shutdown(2)</a>
 */
final class SocketWait {
    private static final Path THIS_THREAD = Path.of("/proc/thread-self");
    private static final int BOTH_WAYS = 2;
    private static final String POLL = "poll"; // its first argument points to the descriptor, that of the others is the descriptor
    private static final Set<String> WAITS = Set.of("sun.nio.ch.Net.poll", "sun.nio.ch.Net.accept", "sun.nio.ch.Net.connect0",
            "sun.nio.ch.SocketDispatcher.read0", "sun.nio.ch.SocketDispatcher.write0");

    private final Path call;

    private SocketWait(Path call) {
        this.call = call;
    }

    /** The waits of the thread that asks; empty where the system does not tell. */
    static Optional<SocketWait> ofThisThread() {
        try {
            return Files.exists(THIS_THREAD) ? Optional.of(new SocketWait(THIS_THREAD.toRealPath().resolve("syscall"))) : Optional.empty();
        } catch (IOException e) {
            Log.warn("threads that wait for a socket cannot be stopped here", e);
            return Optional.empty();
        }
    }

    /** Shuts the socket down for which the thread, whose frames are {@code stack}, waits; nothing when it waits for none. */
    void end(StackTraceElement[] stack) {
        if (stack.length == 0 || !WAITS.contains(stack[0].getClassName() + "." + stack[0].getMethodName())) return;
        try {
            String[] words = Files.readString(call).split("\\s+"); // the call's number and its arguments
            if (words.length < 3) return; // it runs again
            long first = Long.decode(words[1]);
            shutdown(stack[0].getMethodName().equals(POLL) ? MemorySegment.ofAddress(first).reinterpret(Integer.BYTES).get(ValueLayout.JAVA_INT, 0) : (int) first);
        } catch (IOException e) {
            Log.warn("cannot see what the cell waits for", e);
        }
    }

    private static void shutdown(int socket) {
        Linker linker = Linker.nativeLinker();
        MethodHandle shutdown = linker.downcallHandle(linker.defaultLookup().findOrThrow("shutdown"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            int ignored = (int) shutdown.invokeExact(socket, BOTH_WAYS); // not connected any more: then the wait has ended by itself
        } catch (Throwable e) {
            throw new IllegalStateException("cannot call shutdown", e);
        }
    }
}
