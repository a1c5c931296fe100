package lemma;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README at the top says is true. */
class ReadmeTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)\\)");

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }

    private static String example() throws IOException {
        return EXAMPLE.matcher(readme()).results().map(match -> match.group(1)).findFirst().orElseThrow();
    }

    @Test
    void theExampleCompilesAndLearnsTheDigits(@TempDir Path folder) throws Exception {
        Path source = Files.writeString(folder.resolve("Digits.java"), example());
        int errors = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-cp", System.getProperty("java.class.path"), "-d", folder.toString(), source.toString());
        assertThat(errors).isZero();

        assertThat(printed(folder, "Digits")).containsPattern("training accuracy 0\\.9[5-9]|training accuracy 1\\.000");
    }

    private static String printed(Path folder, String mainClass) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, ReadmeTest.class.getClassLoader())) {
            System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            loader.loadClass(mainClass).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theFlagsAreThoseOfTheJar() throws IOException {
        Properties properties = new Properties();
        try (var in = ReadmeTest.class.getResourceAsStream("/lemma/jvm.properties")) {
            properties.load(in);
        }

        assertThat(readme()).contains("MAVEN_OPTS=\"" + properties.getProperty("flags") + "\"");
        assertThat(readme()).contains("<version>" + properties.getProperty("version") + "</version>");
    }

    @Test
    void whatItLinksToExists() throws IOException {
        assertThat(LINK.matcher(readme()).results().map(MatchResult::group).toList()).isNotEmpty();
        assertThat(LINK.matcher(readme()).results().map(match -> ROOT.resolve(match.group(1)))).allMatch(Files::exists);
    }
}
