package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IndexingTest {
    private final Indexing indexing = new Indexing();
    private final JShell shell = JShell.builder().executionEngine("local").fileManager(files -> new CompilerFiles(files, null, indexing)).build();
    private final SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();

    @AfterEach
    void close() {
        shell.close();
    }

    private List<String> namesOf(String type) {
        return analysis.listQualifiedNames(type, type.length()).getNames();
    }

    /** The thread on which JShell lists classes, once it waits for its turn. */
    private static Thread waiting() throws InterruptedException {
        while (true) {
            for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
                boolean waits = List.of(thread.getValue()).stream().anyMatch(frame -> frame.getMethodName().equals("awaitTurn"));
                if (waits && thread.getKey().getState().toString().endsWith("WAITING")) return thread.getKey();
            }
            Thread.sleep(1);
        }
    }

    @Test
    void doesNotBeginWhileACellRuns() throws InterruptedException {
        indexing.cellBegins();
        assertThat(waiting().getState()).isEqualTo(Thread.State.WAITING);
        assertThat(namesOf("ZipFile")).isEmpty();
        indexing.await(analysis);
        assertThat(namesOf("ZipFile")).contains("java.util.zip.ZipFile");
    }

    @Test
    void beginsByItselfWhenNoCellHasRunForAWhile() throws InterruptedException {
        waiting();
        indexing.cellEnded();
        while (namesOf("ZipFile").isEmpty()) TimeUnit.MILLISECONDS.sleep(10);
        assertThat(namesOf("ZipFile")).contains("java.util.zip.ZipFile");
    }
}
