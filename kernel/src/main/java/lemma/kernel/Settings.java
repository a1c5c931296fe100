package lemma.kernel;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the environment of the kernel's process sets; the names of IJava ({@code IJAVA_...}) are read where ours are absent.
 *
 * @param classpath {@code LEMMA_CLASSPATH}: jars and folders, with wildcards, joined by the path separator
 * @param compilerOptions {@code LEMMA_COMPILER_OPTS}: options of javac
 * @param startupScripts {@code LEMMA_STARTUP_SCRIPTS_PATH}: files of code to run first, joined by the path separator
 * @param startupScript {@code LEMMA_STARTUP_SCRIPT}: code to run first
 * @param timeoutMillis {@code LEMMA_TIMEOUT}: after this time, in milliseconds or with a unit ("30 SECONDS"), a cell is stopped; -1 for never
 */
record Settings(String classpath, List<String> compilerOptions, String startupScripts, String startupScript, long timeoutMillis) {
    static Settings of(Map<String, String> environment) {
        String timeout = value(environment, "TIMEOUT");
        return new Settings(value(environment, "CLASSPATH"), Script.split(value(environment, "COMPILER_OPTS")),
                value(environment, "STARTUP_SCRIPTS_PATH"), value(environment, "STARTUP_SCRIPT"), timeout.isEmpty() ? -1 : millis(timeout));
    }

    private static String value(Map<String, String> environment, String name) {
        String ours = environment.get("LEMMA_" + name);
        return ours != null ? ours : environment.getOrDefault("IJAVA_" + name, "");
    }

    private static long millis(String timeout) {
        String[] words = timeout.strip().split("\\s+");
        try {
            TimeUnit unit = words.length < 2 ? TimeUnit.MILLISECONDS : TimeUnit.valueOf(words[1].toUpperCase(Locale.ROOT));
            long millis = unit.toMillis(Long.parseLong(words[0]));
            return millis < 1 ? -1 : millis;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("LEMMA_TIMEOUT is \"" + timeout + "\"; it takes milliseconds or a number and a unit such as "
                    + "\"30 SECONDS\", or -1 for no limit", e);
        }
    }
}
