package lemma.kernel.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lemma.kernel.Launch;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every committed notebook runs, and every claim in it comes out as its card expects. */
class NotebooksIT {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path NOTEBOOKS = ROOT.resolve("notebooks");

    @TestFactory
    Stream<DynamicTest> notebooks() throws IOException {
        if (!Files.isDirectory(NOTEBOOKS)) return Stream.empty();
        try (Stream<Path> files = Files.list(NOTEBOOKS)) {
            List<Path> all = files.filter(file -> file.toString().endsWith(".ipynb")).sorted().toList();
            return all.stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> runs(file)));
        }
    }

    private static void runs(Path file) {
        String classPath = System.getProperty("lemma.kernel.jar") + File.pathSeparator + Path.of(System.getProperty("lemma.kernel.lib"), "*");
        int code = LabRun.run(new String[] {file.toString()}, ROOT, Launch.command(classPath), System.out, System.out);
        assertThat(code).as("lab run %s; what it wrote stands above and in target/notebooks", ROOT.relativize(file)).isZero();
    }
}
