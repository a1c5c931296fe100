package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import jdk.jshell.JShell;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import org.commonmark.node.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.zeromq.ZMQ;

/** The compiler opens the jars that it needs, and finds in them what it found with all of them open. */
class CompilerFilesTest {
    private static final Path GSON = jar(Gson.class);
    private static final Path MARK = jar(Node.class);
    private static final Path ZEROMQ = jar(ZMQ.class);
    private static final String CLASS_PATH = GSON + File.pathSeparator + MARK + File.pathSeparator + ZEROMQ;

    @TempDir
    private Path folder;

    private static Path jar(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private PackageIndex index() throws IOException {
        Path file = folder.resolve("packages");
        PackageIndex.write(CLASS_PATH, file);
        return PackageIndex.read(CLASS_PATH, file);
    }

    private static StandardJavaFileManager standard() {
        return ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null);
    }

    private static List<Path> open(StandardJavaFileManager files) {
        List<Path> paths = new ArrayList<>();
        files.getLocationAsPaths(StandardLocation.CLASS_PATH).forEach(paths::add);
        return paths;
    }

    @Test
    void theIndexNamesTheJarsThatHoldAPackage() throws IOException {
        PackageIndex index = index();
        assertThat(index.jars()).containsExactly(GSON, MARK, ZEROMQ);
        assertThat(index.holders("com.google.gson")).containsExactly(GSON);
        assertThat(index.holders("org.commonmark.node")).containsExactly(MARK);
        assertThat(index.holders("com.google")).isEmpty();
    }

    @Test
    void opensAJarWhenAPackageOfItIsAskedFor() throws IOException {
        StandardJavaFileManager standard = standard();
        CompilerFiles files = new CompilerFiles(standard, index(), new Indexing());
        assertThat(open(standard)).isEmpty();
        Iterable<JavaFileObject> found = files.list(StandardLocation.CLASS_PATH, "org.commonmark.node", Set.of(JavaFileObject.Kind.CLASS), false);
        assertThat(found).anyMatch(file -> file.isNameCompatible("Node", JavaFileObject.Kind.CLASS));
        assertThat(open(standard)).containsExactly(MARK);
        assertThat(open(files)).containsExactly(GSON, MARK, ZEROMQ);
    }

    @Test
    void snippetsSeeTheClassesOfAllJarsAndOfWhatIsAddedLater() throws IOException {
        Path later = Files.createDirectories(folder.resolve("later/there"));
        Path source = Files.writeString(later.resolve("Late.java"), "package there; public class Late { public static int number() { return 7; } }");
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, source.toString())).isZero();
        PackageIndex index = index();
        try (JShell shell = JShell.builder().executionEngine("local").fileManager(files -> new CompilerFiles(files, index, new Indexing())).build()) {
            assertThat(value(shell, "new com.google.gson.JsonPrimitive(3).getAsInt()")).isEqualTo("3");
            assertThat(value(shell, "org.commonmark.parser.Parser.builder() != null")).isEqualTo("true");
            assertThat(shell.eval("there.Late.number()").getFirst().status()).isEqualTo(Status.REJECTED);
            shell.addToClasspath(folder.resolve("later").toString());
            assertThat(value(shell, "there.Late.number()")).isEqualTo("7");
            assertThat(value(shell, "org.zeromq.SocketType.DEALER")).isEqualTo("DEALER");
        }
    }

    private static String value(JShell shell, String code) {
        List<SnippetEvent> events = shell.eval(code);
        assertThat(shell.diagnostics(events.getFirst().snippet()).map(diag -> diag.getMessage(null))).isEmpty();
        return events.getFirst().value();
    }
}
