package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import lemma.kernel.KernelProcess.Answer;
import lemma.kernel.wire.Message;
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
                "LEMMA_CLASSPATH", jar("first", "One").toString(), "LEMMA_COMPILER_OPTS", "-Xlint:all"), "-Xmx512m",
                "-Dmaven.repo.local=" + folder.resolve("local"));
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
        assertThat(kernel.execute("%mavn a:b:1").traceback()).contains("there is no magic %mavn here; did you mean %maven?");
        assertThat(kernel.execute("%html <b>").traceback()).contains("it is written %%html");
        String help = kernel.execute("%help").stream("stdout");
        assertThat(Magic.all("%")).extracting(Magic::usage).allMatch(help::contains);
        assertThat(Magic.all("%%")).extracting(Magic::usage).allMatch(help::contains);
        assertThat(kernel.execute("%help timeit").stream("stdout")).contains("%timeit [-n", "%%timeit [-n").doesNotContain("maven");
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
        assertThat(kernel.execute("part = 5;\n%load " + folder.resolve("some") + "\npart").result()).isEqualTo("2");
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
    void timesAnExpressionOverManyRuns() throws Exception {
        String told = kernel.execute("%timeit -n 3 -r 2 Thread.sleep(2)").stream("stdout");
        assertThat(told).matches("[\\d.]+ ms \u00b1 [\\d.]+ [nmu]s \\(mean and standard deviation of 2 runs, 3 loops each\\)\n");
        assertThat(Double.parseDouble(told.split(" ")[0])).isBetween(2.0, 1000.0);
        assertThat(kernel.execute("%timeit -r 1 Math.sqrt(2)").stream("stdout")).contains("of 1 run,");
        assertThat(kernel.execute("%%timeit -n 1 -r 1\nint sum = 0;\nfor (int i = 0; i < 10; i++) sum += i;").stream("stdout")).contains("1 loop each");
        assertThat(kernel.execute("%timeit notDefined()").status()).isEqualTo("error");
        assertThat(kernel.execute("%timeit").traceback()).contains("nothing to time");
    }

    @Test
    void timingLeavesNothingBehind() throws Exception {
        kernel.execute("int calls = 0; void called() { calls++; }");
        kernel.execute("%timeit -n 5 -r 2 called()");
        assertThat(kernel.execute("calls").result()).isEqualTo("10");
    }

    @Test
    void listsWhatTheSessionDeclares() throws Exception {
        kernel.execute("Map<String, Integer> ages = new HashMap<>(); record Pet(String name) { } long square(int x) { return x * x; }");
        assertThat(kernel.execute("%who").stream("stdout")).containsPattern("(?m)^ages +Map<String, ?Integer>$").containsPattern("(?m)^Pet +record$")
                .containsPattern("(?m)^square +\\(int\\)long$");
    }

    @Test
    void writesAFile() throws Exception {
        Path file = folder.resolve("written.txt");
        assertThat(kernel.execute("%%writefile " + file + "\n% not a magic\n!neither").stream("stdout")).isEqualTo("wrote " + file + "\n");
        kernel.execute("%%writefile -a " + file + "\n more");
        assertThat(file).hasContent("% not a magic\n!neither more");
        assertThat(kernel.execute("%%writefile\nx").traceback()).contains("%%writefile takes one file");
    }

    @Test
    void showsMarkup() throws Exception {
        assertThat(kernel.execute("%%html\n<b>x</b>").data("display_data").get("text/html").getAsString()).isEqualTo("<b>x</b>");
        assertThat(kernel.execute("%%markdown\n# x").data("display_data").get("text/markdown").getAsString()).isEqualTo("# x");
        assertThat(kernel.execute("%%latex\n$x^2$").data("display_data").get("text/latex").getAsString()).isEqualTo("$x^2$");
    }

    @Test
    void runsShellLines() throws Exception {
        assertThat(kernel.execute("int before = 1;\n!echo hello; echo bad >&2\nbefore + 1").stream("stdout")).isEqualTo("hello\n");
        assertThat(kernel.execute("!exit 3").stream("stderr")).isEqualTo("exit code 3\n");
        kernel.execute("%env COLOUR=green");
        assertThat(kernel.execute("!echo $COLOUR").stream("stdout")).isEqualTo("green\n");
        assertThat(kernel.execute("%env COLOUR").stream("stdout")).isEqualTo("green\n");
    }

    @Test
    void anExclamationMarkInJavaStaysJava() throws Exception {
        kernel.execute("boolean ready = false;");
        assertThat(kernel.execute("!ready").result()).isEqualTo("true");
        assertThat(kernel.execute("boolean both = true &&\n!ready;\nboth").result()).isEqualTo("true");
        assertThat(kernel.execute("String text = \"\"\"\n!echo no\n\"\"\";\ntext").result()).isEqualTo("!echo no\n");
    }

    @Test
    void changesTheFolderOfMagicsAndShellLines() throws Exception {
        Path below = Files.createDirectories(folder.resolve("below"));
        Files.writeString(below.resolve("here.jshell"), "int fromBelow = 8;");
        assertThat(kernel.execute("%cd " + below + "\n!pwd\n%load here.jshell\nfromBelow").result()).isEqualTo("8");
        assertThat(kernel.execute("%cd nowhere").traceback()).contains("no folder nowhere (the folder here is " + below);
    }

    @Test
    void assignsWhatAMagicReturns() throws Exception {
        Path jar = jar("fifth", "Five");
        assertThat(kernel.execute("// words\nList<String> jars = %jars " + jar + "\njars").result()).isEqualTo("[" + jar + "]");
        assertThat(kernel.execute("List<String> again = %jars " + folder + "/\nagain.contains(\"" + jar + "\")").result()).isEqualTo("false");
        assertThat(kernel.execute("int wrong = 1;\nint x = %jars nowhere.jar").traceback()).contains("no file nowhere.jar");
    }

    @Test
    void aShellLineIsStopped() throws Exception {
        Message running = kernel.submit("!echo started; sleep 60");
        kernel.awaitOutput(running);
        kernel.send(kernel.control, "interrupt_request", new JsonObject());
        assertThat(kernel.answer(running).reply().content().get("ename").getAsString()).isEqualTo("Interrupted");
    }

    @Test
    void resolvesFromAMavenRepository() throws Exception {
        Path repository = folder.resolve("repository");
        publish(repository, "fourth", "Four", "");
        String here = repository.toUri().toString();
        assertThat(kernel.execute("%mavenRepo here " + here + "\n%maven org.example:fourth:1.0\nfourth.Four.name()").status()).isEqualTo("ok");
        String pom = "%%loadFromPOM\n<repositories><repository><id>here</id><url>" + here + "</url></repository></repositories>\n"
                + "<dependencies><dependency><groupId>org.example</groupId><artifactId>fourth</artifactId><version>1.0</version></dependency></dependencies>";
        assertThat(kernel.execute(pom).status()).isEqualTo("ok");
        assertThat(kernel.execute("fourth.Four.name()").result()).isEqualTo("Four");
        String loose = "%%loadFromPOM\n<repository><id>here</id><url>" + here + "</url></repository>\n"
                + "<dependency><groupId>org.example</groupId><artifactId>fourth</artifactId><version>1.0</version><scope>test</scope></dependency>";
        assertThat(kernel.execute(loose).status()).isEqualTo("ok");
        assertThat(kernel.execute(loose.replace("1.0", "9.9")).status()).as("tests are left out").isEqualTo("ok");
        assertThat(kernel.execute(loose.replace("1.0", "9.9").replace("POM", "POM test")).traceback()).contains("cannot resolve org.example:fourth:jar:9.9");
        assertThat(kernel.execute("%maven org.example:fourth:1.0 --exclude nothing").traceback()).contains("\"nothing\" is no exclusion");
        assertThat(kernel.execute("%maven org.example:fourth:1.0 --exclude org.other:*").status()).isEqualTo("ok");
    }

    @Test
    void bringsWhatADependencyNeedsUnlessExcluded() throws Exception {
        Path repository = folder.resolve("chain");
        publish(repository, "sixth", "Six", "");
        publish(repository, "seventh", "Seven", "<dependencies><dependency><groupId>org.example</groupId><artifactId>sixth</artifactId>"
                + "<version>1.0</version></dependency></dependencies>");
        kernel.execute("%mavenRepo chain " + repository.toUri());
        Answer alone = kernel.execute("%maven org.example:seventh:1.0 --exclude org.example:sixth\nseventh.Seven.name()");
        assertThat(alone.result()).isEqualTo("Seven");
        assertThat(folder.resolve("local/org/example/seventh/1.0/seventh-1.0.jar")).exists();
        assertThat(alone.published("display_data")).as("one line, which the updates replace").hasSize(1);
        assertThat(alone.published("update_display_data").getLast().content().getAsJsonObject("data").get("text/plain").getAsString())
                .matches("downloaded \\d files, \\d kB");
        assertThat(kernel.execute("sixth.Six.name()").traceback()).contains("package sixth does not exist");
        assertThat(kernel.execute("%maven org.example:seventh:1.0\nsixth.Six.name()").result()).isEqualTo("Six");
    }

    private void publish(Path repository, String artifact, String type, String dependencies) throws Exception {
        Path version = Files.createDirectories(repository.resolve("org/example/" + artifact + "/1.0"));
        Files.copy(jar(artifact, type), version.resolve(artifact + "-1.0.jar"));
        Files.writeString(version.resolve(artifact + "-1.0.pom"), "<project><modelVersion>4.0.0</modelVersion><groupId>org.example</groupId>"
                + "<artifactId>" + artifact + "</artifactId><version>1.0</version>" + dependencies + "</project>");
    }

    @Test
    void saysWhatMavenCouldNotFind() throws Exception {
        assertThat(kernel.execute("%maven notACoordinate").traceback()).contains("\"notACoordinate\" is no Maven coordinate");
    }

    @Test
    void settingsNameABadValue() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Settings.of(Map.of("LEMMA_TIMEOUT", "soon")))).hasMessageContaining("soon");
        assertThat(Settings.of(Map.of("IJAVA_TIMEOUT", "30 SECONDS")).timeoutMillis()).isEqualTo(30_000);
        assertThat(Settings.of(Map.of("IJAVA_TIMEOUT", "0")).timeoutMillis()).isEqualTo(-1);
        assertThat(Settings.of(Map.of("IJAVA_TIMEOUT", "5", "LEMMA_COMPILER_OPTS", "-a \"b c\"")))
                .isEqualTo(new Settings("", List.of("-a", "b c"), "", "", 5));
    }
}
