package lemma.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Settings of the OpenMP runtime that ND4J's natives bring. */
final class OpenMp {
    private static final String POLICY = "OMP_WAIT_POLICY";

    private OpenMp() {}

    /** Lets OpenMP's threads sleep between loops instead of keeping processors busy; to be called before the runtime loads. */
    static void waitPassively() {
        var setenv = Linker.nativeLinker().defaultLookup().find("setenv");
        // Windows has no setenv, and its OpenMP runtime sleeps by itself
        if (setenv.isEmpty() || System.getenv(POLICY) != null) return;
        var call = Linker.nativeLinker().downcallHandle(setenv.get(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(POLICY);
            int failed = (int) call.invokeExact(name, arena.allocateFrom("PASSIVE"), 0);
            if (failed != 0) throw new IllegalStateException("setenv of " + POLICY + " failed");
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("setenv", e);
        }
    }
}
