package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MagicTest {
    @TempDir
    static Path folder;
    private static KernelProcess kernel;

    @BeforeAll
    static void start() throws Exception {
        Path script = folder.resolve("start.jshell");
        Files.writeString(script, "int fromScript = 11;\n");
        kernel = new KernelProcess(Map.of("LEMMA_STARTUP_SCRIPTS_PATH", script.toString(), "IJAVA_STARTUP_SCRIPT", "int fromAlias = 31;",
                "LEMMA_CLASSPATH", jar("first", "One").toString(), "LEMMA_COMPILER_OPTS", "-Xlint:all"), "-Xmx512m");
    }

    @AfterAll
    static void stop() throws Exception {
        kernel.close();
    }

    /** A jar with a class {@code word.type} whose {@code name()} is its name. */
    private static Path jar(String word, String type) throws IOException {
        Path source = folder.resolve(word + "/" + type + ".java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, "package " + word + "; public class " + type + " { public static String name() { return \"" + type + "\"; } }");
        ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.resolve("classes").toString(), source.toString());
        Path jar = folder.resolve(word + ".jar");
        try (OutputStream out = Files.newOutputStream(jar); JarOutputStream zip = new JarOutputStream(out)) {
            zip.putNextEntry(new JarEntry(word + "/" + type + ".class"));
            zip.write(Files.readAllBytes(folder.resolve("classes/" + word + "/" + type + ".class")));
        }
        return jar;
    }

    @Test
    void theEnvironmentSetsTheStage() throws Exception {
        assertThat(kernel.execute("fromScript + fromAlias").result()).isEqualTo("42");
        assertThat(kernel.execute("first.One.name()").result()).isEqualTo("One");
    }

    @Test
    void addsJarsByPattern() throws Exception {
        jar("second", "Two");
        assertThat(kernel.execute("%jars " + folder + "/sec*.jar\nsecond.Two.name()").result()).isEqualTo("Two");
        assertThat(kernel.execute("%classpath").stream("stdout")).contains("second.jar");
    }

    @Test
    void addsJarsByMethod() throws Exception {
        Path jar = jar("third", "Three");
        kernel.execute("lineMagic(\"jars\", List.of(\"" + jar + "\"));");
        assertThat(kernel.execute("third.Three.name()").result()).isEqualTo("Three");
    }

    @Test
    void namesTheMissingFile() throws Exception {
        assertThat(kernel.execute("%jars nowhere/*.jar").traceback()).contains("no file nowhere/*.jar");
    }

    @Test
    void anUnknownMagicIsAnError() throws Exception {
        assertThat(kernel.execute("%nothing").traceback()).contains("there is no magic %nothing here; %help lists them");
        assertThat(kernel.execute("%help").stream("stdout")).contains("%maven");
    }

    @Test
    void loadsAScriptAndANotebook() throws Exception {
        Path script = folder.resolve("two.jshell");
        Files.writeString(script, "int loaded = 3;\nint twice(int x) { return 2 * x; }\n");
        assertThat(kernel.execute("%load " + script + "\ntwice(loaded)").result()).isEqualTo("6");
        Path notebook = folder.resolve("some.ipynb");
        Files.writeString(notebook, "{\"cells\": [{\"cell_type\": \"markdown\", \"source\": \"x\"}, "
                + "{\"cell_type\": \"code\", \"source\": [\"int part = 1;\\n\", \"part += 1;\"]}]}");
        assertThat(kernel.execute("%load " + notebook + "\npart").result()).isEqualTo("2");
    }

    @Test
    void anErrorInALoadedFileNamesTheFileAndLine() throws Exception {
        Path script = folder.resolve("broken.jshell");
        Files.writeString(script, "int fine = 3;\nint bad = fine / 0;\n");
        assertThat(kernel.execute("%load " + script).traceback()).contains("java.lang.ArithmeticException", "at broken.jshell, line 2");
    }

    @Test
    void saysHowLongCodeTook() throws Exception {
        assertThat(kernel.execute("%%time\nint slow = 1;\nThread.sleep(30);\nslow").stream("stdout")).matches("ran [\\d.e+]+ m?s, compiled [\\d.e+]+ m?s\n");
        assertThat(kernel.execute("%time 6 * 7").result()).isEqualTo("42");
    }

    @Test
    void resolvesFromAMavenRepository() throws Exception {
        Path repository = folder.resolve("repository");
        Path version = repository.resolve("org/example/fourth/1.0");
        Files.createDirectories(version);
        Files.copy(jar("fourth", "Four"), version.resolve("fourth-1.0.jar"));
        Files.writeString(version.resolve("fourth-1.0.pom"), "<project><modelVersion>4.0.0</modelVersion><groupId>org.example</groupId>"
                + "<artifactId>fourth</artifactId><version>1.0</version></project>");
        String here = repository.toUri().toString();
        assertThat(kernel.execute("%mavenRepo here " + here + "\n%maven org.example:fourth:1.0\nfourth.Four.name()").status()).isEqualTo("ok");
        String pom = "%%loadFromPOM\n<repositories><repository><id>here</id><url>" + here + "</url></repository></repositories>\n"
                + "<dependencies><dependency><groupId>org.example</groupId><artifactId>fourth</artifactId><version>1.0</version></dependency></dependencies>";
        assertThat(kernel.execute(pom).status()).isEqualTo("ok");
        assertThat(kernel.execute("fourth.Four.name()").result()).isEqualTo("Four");
    }

    @Test
    void saysWhatMavenCouldNotFind() throws Exception {
        assertThat(kernel.execute("%maven notACoordinate").traceback()).contains("\"notACoordinate\" is no Maven coordinate");
    }

    @Test
    void settingsNameABadValue() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Settings.of(Map.of("LEMMA_TIMEOUT", "soon")))).hasMessageContaining("soon");
        assertThat(Settings.of(Map.of("IJAVA_TIMEOUT", "5", "LEMMA_COMPILER_OPTS", "-a \"b c\"")))
                .isEqualTo(new Settings("", List.of("-a", "b c"), "", "", 5));
    }
}
