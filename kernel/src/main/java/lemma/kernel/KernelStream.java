package lemma.kernel;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Standard output or error of the user's code on its way to the publisher. */
final class KernelStream extends OutputStream {
    /** Takes printed bytes. */
    @FunctionalInterface
    interface Target {
        void write(byte[] bytes, int from, int count);
    }

    private final Target target;
    private final Runnable stopPoint;

    private KernelStream(Target target, Runnable stopPoint) {
        this.target = target;
        this.stopPoint = stopPoint;
    }

    /** A stream that calls {@code stopPoint} before each write, so that printing code can be stopped. */
    static PrintStream to(Target target, Runnable stopPoint) {
        return new PrintStream(new KernelStream(target, stopPoint), false, StandardCharsets.UTF_8);
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        stopPoint.run();
        target.write(bytes, from, count);
    }
}
