package lemma.kernel;

import java.awt.Font;
import java.awt.GraphicsEnvironment;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/** {@code lab doctor}: what this machine offers, and for everything that is wrong how to mend it. */
public final class Doctor {
    private static final int JAVA = 25;
    private static final double GIB = 1 << 30;
    private static final double SMALL_GIB = 4;
    private static final List<String> CPU_FEATURES =
            List.of("sse4_2", "avx", "avx2", "fma", "avx512f", "avx512_bf16", "amx_tile", "asimd", "sve", "sve2", "bf16");

    /**
     * One line of the report.
     *
     * @param mend what to do when something is wrong, null when nothing is
     */
    record Finding(String name, String value, String mend) {
        static Finding good(String name, String value) {
            return new Finding(name, value, null);
        }

        @Override
        public String toString() {
            String line = String.format("%-4s %-14s %s", mend == null ? "ok" : "!!", name, value);
            return mend == null ? line : line + "\n                    mend: " + mend;
        }
    }

    private Doctor() {}

    public static void main(String[] args) {
        List<Finding> findings = findings();
        print(findings, System.out);
        System.exit(findings.stream().allMatch(finding -> finding.mend == null) ? 0 : 1);
    }

    static void print(List<Finding> findings, PrintStream out) {
        findings.forEach(out::println);
        long wrong = findings.stream().filter(finding -> finding.mend != null).count();
        out.println(wrong == 0 ? "nothing is wrong" : wrong + " to mend");
    }

    static List<Finding> findings() {
        return List.of(jdk(), system(), cpu(), vector(), blas(), threads(), heap(), memory(), fonts(), kernelspec());
    }

    private static Finding jdk() {
        String value = Runtime.version() + " (" + System.getProperty("java.vendor") + "), " + System.getProperty("java.home");
        String mend = "use JDK " + JAVA + ": https://adoptium.net, or point JAVA_HOME at one";
        return new Finding("JDK", value, Runtime.version().feature() == JAVA ? null : mend);
    }

    private static Finding system() {
        return Finding.good("system", String.join(" ", System.getProperty("os.name"), System.getProperty("os.version"), System.getProperty("os.arch")));
    }

    private static Finding cpu() {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) return Finding.good("CPU", System.getProperty("os.arch") + ", features unknown on this system");
        try (Stream<String> lines = Files.lines(info)) {
            List<String> known = lines.filter(line -> line.matches("(model name|flags|Features)\\s*:.*")).distinct().toList();
            String model = known.stream().filter(line -> line.startsWith("model")).map(Doctor::afterColon).findFirst().orElse(System.getProperty("os.arch"));
            Set<String> flags = known.stream().filter(line -> !line.startsWith("model")).flatMap(line -> Stream.of(afterColon(line).split(" "))).collect(Collectors.toSet());
            return Finding.good("CPU", model + "; " + CPU_FEATURES.stream().filter(flags::contains).collect(Collectors.joining(" ")));
        } catch (IOException e) {
            return Finding.good("CPU", "unknown: " + e.getMessage());
        }
    }

    private static String afterColon(String line) {
        return line.substring(line.indexOf(':') + 1).strip();
    }

    private static Finding vector() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return new Finding("Vector API", "off: plain loops, several times slower", "start Java with --add-modules=jdk.incubator.vector");
        }
        return Finding.good("Vector API", "on, " + Vectors.bits() + " bits");
    }

    /** Apart, so that a JVM without the incubator module loads the rest. */
    private static final class Vectors {
        static int bits() {
            return jdk.incubator.vector.FloatVector.SPECIES_PREFERRED.vectorBitSize();
        }
    }

    private static Finding blas() {
        try {
            Loader.load(org.bytedeco.openblas.global.openblas.class);
            return Finding.good("BLAS", call("openblas_get_config") + ", kernel " + call("openblas_get_corename"));
        } catch (UnsatisfiedLinkError | IllegalStateException e) {
            return new Finding("BLAS", "does not load: " + e.getMessage(),
                    "the natives of org.bytedeco:openblas for " + Loader.getPlatform() + " must be on the class path, and ~/.javacpp/cache writable");
        }
    }

    private static String call(String function) {
        MemorySegment symbol = SymbolLookup.loaderLookup().find(function)
                .orElseThrow(() -> new IllegalStateException("OpenBLAS has no " + function));
        try {
            var text = (MemorySegment) Linker.nativeLinker().downcallHandle(symbol, FunctionDescriptor.of(ValueLayout.ADDRESS)).invokeExact();
            return text.reinterpret(Long.MAX_VALUE).getString(0).strip();
        } catch (Throwable e) {
            throw new IllegalStateException("OpenBLAS's " + function + " fails: " + e, e);
        }
    }

    private static Finding threads() {
        int count = Runtime.getRuntime().availableProcessors();
        List<String> set = new ArrayList<>();
        for (String name : List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OMP_WAIT_POLICY")) {
            if (System.getenv(name) != null) set.add(name + "=" + System.getenv(name));
        }
        String value = count + " processors" + (set.isEmpty() ? "" : "; " + String.join(" ", set));
        boolean spins = "active".equalsIgnoreCase(System.getenv("OMP_WAIT_POLICY"));
        return new Finding("threads", value, spins ? "unset OMP_WAIT_POLICY: waiting threads that spin make a training step about twice slower" : null);
    }

    private static Finding heap() {
        return Finding.good("Java heap", gib(Runtime.getRuntime().maxMemory()) + " at most (-Xmx sets it)");
    }

    private static Finding memory() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long total = system.getTotalMemorySize();
        String value = gib(total) + ", " + gib(system.getFreeMemorySize()) + " of it unused";
        return new Finding("memory", value, total / GIB < SMALL_GIB ? "the notebooks want a machine or container with 4 GiB or more" : null);
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
    }

    private static Finding fonts() {
        System.setProperty("java.awt.headless", "true");
        try {
            int families = GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames(Locale.ROOT).length;
            var graphics = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB).createGraphics();
            int width = graphics.getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 12)).stringWidth("loss");
            graphics.dispose();
            if (width > 0) return Finding.good("fonts", families + " families");
            return noFonts("text has no width");
        } catch (RuntimeException | Error e) {
            return noFonts(e.toString());
        }
    }

    private static Finding noFonts(String what) {
        return new Finding("fonts", "figures cannot be drawn: " + what, "install fontconfig and a font (Debian: apt install fontconfig fonts-dejavu-core)");
    }

    private static Finding kernelspec() {
        String home = System.getProperty("user.home");
        List<Path> places = List.of(Path.of(home, ".local/share/jupyter"), Path.of(home, "Library/Jupyter"), Path.of("/usr/local/share/jupyter"), Path.of("/usr/share/jupyter"));
        List<String> found = places.stream().map(place -> place.resolve("kernels/java/kernel.json")).filter(Files::exists).map(Path::toString).toList();
        return Finding.good("kernelspec", found.isEmpty() ? "not registered for this user; ./lab brings its own, ./lab install registers it" : String.join(", ", found));
    }
}
