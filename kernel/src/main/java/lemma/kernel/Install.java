package lemma.kernel;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lemma.kernel.wire.Json;

/**
 * Registers the kernel with Jupyter under the name {@code java}, on the class path and JDK that this program runs on:
 * {@code java lemma.kernel.Install [--user | --sys-prefix | --prefix DIR] [--heap SIZE] [--jvm FLAG]... [--no-aot]}.
 *
 * @see <a href="https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs">Jupyter, kernel specs</a>
 */
public final class Install {
    private static final String USAGE = "usage: Install [--user | --sys-prefix | --prefix DIR] [--heap SIZE] [--jvm FLAG]... [--no-aot]";
    private static final Pattern SIZE = Pattern.compile("[1-9]\\d*[kKmMgGtT]?");
    private static final String KERNEL = "kernels/java";

    private Install() {}

    public static void main(String[] args) throws InterruptedException {
        try {
            List<String> options = new ArrayList<>(List.of(args));
            boolean aot = !options.remove("--no-aot");
            List<String> flags = jvmFlags(options);
            install(folder(options, System.getenv()), flags, aot);
        } catch (IllegalArgumentException | IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** Takes {@code --heap} and {@code --jvm} out of {@code options}; the result is what the JVM is given for them. */
    static List<String> jvmFlags(List<String> options) {
        List<String> flags = new ArrayList<>();
        for (int i = 0; i < options.size(); ) {
            String option = options.get(i);
            if (!option.equals("--heap") && !option.equals("--jvm")) {
                i++;
                continue;
            }
            options.remove(i);
            if (i == options.size()) throw new IllegalArgumentException(option + " needs a value\n" + USAGE);
            flags.add(option.equals("--heap") ? heap(options.remove(i)) : options.remove(i));
        }
        return flags;
    }

    private static String heap(String size) {
        if (!SIZE.matcher(size).matches()) throw new IllegalArgumentException("--heap is \"" + size + "\"; it takes a size such as 4g or 800m");
        return "-Xmx" + size;
    }

    private static void install(Path folder, List<String> flags, boolean aot) throws IOException, InterruptedException {
        String classPath = absolute(System.getProperty("java.class.path"));
        if (aot) AotCache.of(classPath).ensure(System.out);
        System.out.println("kernel java registered in " + write(folder, classPath, flags));
        Plotly.install(folder.getParent().getParent(), folder);
    }

    /** Where {@code options} want the kernel spec. */
    static Path folder(List<String> options, Map<String, String> environment) {
        return switch (options.isEmpty() ? "--user" : options.getFirst()) {
            case "--user" -> userData(environment).resolve(KERNEL);
            case "--sys-prefix" -> share(sysPrefix(environment));
            case "--prefix" -> share(Path.of(argument(options)));
            default -> throw new IllegalArgumentException("unknown option " + options.getFirst() + "\n" + USAGE);
        };
    }

    private static String argument(List<String> options) {
        if (options.size() < 2) throw new IllegalArgumentException("--prefix needs a folder\n" + USAGE);
        return options.get(1);
    }

    private static Path share(Path prefix) {
        return prefix.toAbsolutePath().resolve("share/jupyter").resolve(KERNEL);
    }

    private static Path userData(Map<String, String> environment) {
        if (environment.containsKey("JUPYTER_DATA_DIR")) return Path.of(environment.get("JUPYTER_DATA_DIR"));
        Path home = Path.of(System.getProperty("user.home"));
        String os = System.getProperty("os.name");
        if (os.startsWith("Mac")) return home.resolve("Library/Jupyter");
        if (os.startsWith("Windows") && environment.containsKey("APPDATA")) return Path.of(environment.get("APPDATA"), "jupyter");
        String xdg = environment.getOrDefault("XDG_DATA_HOME", "");
        return (xdg.isEmpty() ? home.resolve(".local/share") : Path.of(xdg)).resolve("jupyter");
    }

    /** The prefix of the Python environment that is active. */
    private static Path sysPrefix(Map<String, String> environment) {
        for (String name : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            if (environment.containsKey(name)) return Path.of(environment.get(name));
        }
        for (String python : List.of("python3", "python")) {
            try {
                Process process = new ProcessBuilder(python, "-c", "import sys; print(sys.prefix)").redirectError(ProcessBuilder.Redirect.DISCARD).start();
                String prefix = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                if (!prefix.isEmpty()) return Path.of(prefix);
            } catch (IOException e) {
                continue; // not this name
            }
        }
        throw new IllegalArgumentException("--sys-prefix: no Python found (neither VIRTUAL_ENV nor CONDA_PREFIX is set, no python3 on the path); "
                + "use --prefix DIR or --user");
    }

    private static String absolute(String classPath) {
        return Stream.of(classPath.split(File.pathSeparator)).map(entry -> Path.of(entry).toAbsolutePath().normalize().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Writes the kernel spec for {@code classPath}, its JVM given {@code flags} too, into {@code folder} and returns its file. */
    static Path write(Path folder, String classPath, List<String> flags) throws IOException {
        JsonObject spec = Json.object("argv", Launch.command(classPath, flags, folder), "display_name", "Java (Lemma)", "language", "java",
                "interrupt_mode", "message", "env", Map.of(), "metadata", Json.object("debugger", false));
        Files.createDirectories(folder);
        Path file = folder.resolve("kernel.json");
        Files.writeString(file, new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create().toJson(spec) + "\n");
        return file;
    }
}
