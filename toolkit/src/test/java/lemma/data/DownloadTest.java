package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import lemma.display.Bundle;
import lemma.display.Display;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
    private static final int BYTES = 300_000;
    private static final Download.Options QUICK = new Download.Options(Duration.ofSeconds(2), Duration.ofMillis(300), 3, Duration.ofMillis(1));

    @TempDir
    Path folder;

    private final byte[] content = new byte[BYTES];
    private final List<Bundle> shown = new ArrayList<>();
    private Display.Sink before;

    @BeforeEach
    void fill() {
        new Random(7).nextBytes(content);
        before = Display.install(new Display.Sink() {
            @Override
            public synchronized void show(String id, Bundle bundle) {
                shown.add(bundle);
            }

            @Override
            public synchronized void update(String id, Bundle bundle) {
                shown.add(bundle);
            }
        });
    }

    @AfterEach
    void restore() {
        Display.install(before);
    }

    @Test
    void aGoodServerGivesTheFileAndASecondCallAsksNobody() throws Exception {
        try (FileServer server = new FileServer(FileServer.whole(content))) {
            Path path = get(server.address("/data.bin"));
            assertThat(path).isEqualTo(folder.resolve("data.bin")).hasBinaryContent(content);
            get(server.address("/data.bin"));
            assertThat(server.asked()).containsExactly(0);
            assertThat(shown.getLast().plain()).isEqualTo("data.bin: 300.0 kB, SHA-256 checked");
            assertThat(folder.resolve("data.bin.part")).doesNotExist();
        }
    }

    @Test
    void aTruncatedTransferIsResumedWhereItEnded() throws Exception {
        try (FileServer server = new FileServer(FileServer.cut(content, 100_000), FileServer.cut(content, 250_000), FileServer.whole(content))) {
            assertThat(get(server.address("/data.bin"))).hasBinaryContent(content);
            assertThat(server.asked()).hasSize(3).startsWith(0).isSorted();
            assertThat(server.asked().getLast()).isPositive();
        }
    }

    @Test
    void aLaterCallResumesWhatAnEarlierOneLeft() throws Exception {
        Files.write(folder.resolve("data.bin.part"), Arrays.copyOf(content, 123_456));
        try (FileServer server = new FileServer(FileServer.whole(content))) {
            assertThat(get(server.address("/data.bin"))).hasBinaryContent(content);
            assertThat(server.asked()).containsExactly(123_456);
        }
    }

    @Test
    void aStalledTransferIsGivenUpAndResumed() throws Exception {
        try (FileServer server = new FileServer(FileServer.stall(content, 150_000, 5_000), FileServer.whole(content))) {
            assertThat(get(server.address("/data.bin"))).hasBinaryContent(content);
            assertThat(server.asked()).containsExactly(0, 150_000);
        }
    }

    @Test
    void aServerWithoutRangesSendsTheFileAnew() throws Exception {
        Files.write(folder.resolve("data.bin.part"), Arrays.copyOf(content, 1000));
        try (FileServer server = new FileServer(FileServer.rangeless(content))) {
            assertThat(get(server.address("/data.bin"))).hasBinaryContent(content);
        }
    }

    @Test
    void aRefusedRangeStartsFromTheFirstByte() throws Exception {
        Files.write(folder.resolve("data.bin.part"), Arrays.copyOf(content, 1000));
        try (FileServer server = new FileServer(FileServer.status(416), FileServer.whole(content))) {
            assertThat(get(server.address("/data.bin"))).hasBinaryContent(content);
            assertThat(server.asked()).containsExactly(1000, 0);
        }
    }

    @Test
    void anAnswerToAnotherRangeIsNotAppended() throws Exception {
        Files.write(folder.resolve("data.bin.part"), Arrays.copyOf(content, 1000));
        FileServer.Answer shifted = (request, from) -> {
            request.getResponseHeaders().set("Content-Range", "bytes 999-" + (BYTES - 1) + "/" + BYTES);
            request.sendResponseHeaders(206, BYTES - 999);
            request.getResponseBody().write(content, 999, BYTES - 999);
        };
        try (FileServer server = new FileServer(shifted, FileServer.whole(content))) {
            assertThat(get(server.address("/data.bin"))).hasBinaryContent(content);
            assertThat(server.asked()).containsExactly(1000, 0);
        }
    }

    @Test
    void aFileThatChangesBetweenTriesIsFetchedWhole() throws Exception {
        byte[] old = FileServer.changed(content, 10);
        try (FileServer server = new FileServer(FileServer.cut(old, 100_000), FileServer.whole(content))) {
            assertThat(get(server.address("/data.bin"))).hasBinaryContent(content);
            assertThat(server.asked()).hasSize(3).endsWith(0);
        }
    }

    @Test
    void aCorruptFileIsNeverKeptAndTheNextAddressIsTried() throws Exception {
        try (FileServer bad = new FileServer(FileServer.whole(FileServer.changed(content, 200_000)));
                FileServer good = new FileServer(FileServer.whole(content))) {
            assertThat(get(bad.address("/data.bin"), good.address("/copy.bin"))).hasBinaryContent(content);
            assertThat(bad.asked()).containsExactly(0);
        }
    }

    @Test
    void aCorruptFileWithNoOtherAddressNamesBothDigests() throws Exception {
        try (FileServer bad = new FileServer(FileServer.whole(FileServer.changed(content, 0)))) {
            assertThatThrownBy(() -> get(bad.address("/data.bin"))).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("its sha256 is " + sha256(FileServer.changed(content, 0)) + ", expected " + sha256(content));
            assertThat(folder.resolve("data.bin")).doesNotExist();
            assertThat(folder.resolve("data.bin.part")).doesNotExist();
        }
    }

    @Test
    void aLongerFileIsRefusedBeforeItIsRead() throws Exception {
        try (FileServer server = new FileServer(FileServer.whole(Arrays.copyOf(content, BYTES + 1)))) {
            assertThatThrownBy(() -> get(server.address("/data.bin"))).hasMessageContaining("the file there has 300001 bytes, expected 300000");
        }
    }

    @Test
    void aLongerFileOfUnknownLengthIsCutOff() throws Exception {
        try (FileServer server = new FileServer(FileServer.chunked(Arrays.copyOf(content, 2 * BYTES)))) {
            assertThatThrownBy(() -> get(server.address("/data.bin"))).hasMessageContaining("more than the expected 300000 bytes");
            assertThat(folder.resolve("data.bin")).doesNotExist();
        }
    }

    @Test
    void aFileOfUnknownLengthIsTakenWhenItIsRight() throws Exception {
        try (FileServer server = new FileServer(FileServer.chunked(content))) {
            assertThat(get(server.address("/data.bin"))).hasBinaryContent(content);
        }
    }

    @Test
    void redirectionsAreFollowedAlsoToAnotherServer() throws Exception {
        try (FileServer good = new FileServer(FileServer.whole(content));
                FileServer second = new FileServer(FileServer.redirect(good.address("/here").toString()));
                FileServer first = new FileServer(FileServer.redirect("/moved"), FileServer.redirect(second.address("/there").toString()))) {
            assertThat(get(first.address("/data.bin"))).hasBinaryContent(content);
            assertThat(first.asked()).hasSize(2);
        }
    }

    @Test
    void aCircleOfRedirectionsEnds() throws Exception {
        try (FileServer server = new FileServer(FileServer.redirect("/again"))) {
            assertThatThrownBy(() -> get(server.address("/data.bin"))).hasMessageContaining("more than 8 redirections");
        }
    }

    @Test
    void aRedirectionOutOfTheWebIsRefused() throws Exception {
        try (FileServer server = new FileServer(FileServer.redirect("file:///etc/hostname"))) {
            assertThatThrownBy(() -> get(server.address("/data.bin"))).hasMessageContaining("a redirection from http to file:///etc/hostname");
        }
    }

    @Test
    void aMissingFileIsAskedForOnceAndABusyServerAgain() throws Exception {
        try (FileServer gone = new FileServer(FileServer.status(404));
                FileServer busy = new FileServer(FileServer.status(503), FileServer.whole(content))) {
            assertThat(get(gone.address("/data.bin"), busy.address("/data.bin"))).hasBinaryContent(content);
            assertThat(gone.asked()).hasSize(1);
            assertThat(busy.asked()).hasSize(2);
        }
    }

    @Test
    void offLineTheErrorNamesEveryAddressTheFileAndTheWayOut() throws Exception {
        URI nobody = URI.create("http://127.0.0.1:" + unusedPort() + "/data.bin");
        URI nowhere = URI.create("http://nowhere.invalid/data.bin");
        assertThatThrownBy(() -> get(nobody, nowhere)).isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("Cannot download data.bin (300.0 kB)")
                .hasMessageContaining(nobody + ": ConnectException")
                .hasMessageContaining(nowhere + ": UnknownHostException")
                .hasMessageContaining("save the file from one of these addresses as " + folder.resolve("data.bin"))
                .hasMessageContaining("set LEMMA_DATA to that folder (sha256 " + sha256(content) + ")")
                .hasCauseInstanceOf(UnknownHostException.class);
    }

    @Test
    void aDamagedCacheIsFetchedAnew() throws Exception {
        Files.write(folder.resolve("data.bin"), FileServer.changed(content, 5));
        try (FileServer server = new FileServer(FileServer.whole(content))) {
            assertThat(get(server.address("/data.bin"))).hasBinaryContent(content);
        }
    }

    @Test
    void aPartThatIsTooLongIsThrownAway() throws Exception {
        Files.write(folder.resolve("data.bin.part"), new byte[BYTES + 1]);
        try (FileServer server = new FileServer(FileServer.whole(content))) {
            assertThat(get(server.address("/data.bin"))).hasBinaryContent(content);
            assertThat(server.asked()).containsExactly(0);
        }
    }

    @Test
    void threadsThatAskTogetherFetchOnce() throws Exception {
        try (FileServer server = new FileServer(FileServer.whole(content)); ExecutorService threads = Executors.newFixedThreadPool(8)) {
            Callable<Path> ask = () -> get(server.address("/data.bin"));
            for (Future<Path> path : threads.invokeAll(List.of(ask, ask, ask, ask, ask, ask, ask, ask))) assertThat(path.get()).hasBinaryContent(content);
            assertThat(server.asked()).containsExactly(0);
        }
    }

    @Test
    void processesThatAskTogetherFetchOnce() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        FileServer.Answer slow = (request, from) -> {
            asked.countDown();
            FileServer.stall(content, 1000, 400).to(request, from);
        };
        try (FileServer server = new FileServer(slow, FileServer.whole(content))) {
            List<Process> processes = List.of(process(server.address("/data.bin")), process(server.address("/data.bin")));
            for (Process process : processes) {
                String output = new String(process.getInputStream().readAllBytes());
                assertThat(process.waitFor()).as(output).isZero();
            }
            assertThat(folder.resolve("data.bin")).hasBinaryContent(content);
            assertThat(server.asked()).containsExactly(0, 1000);
        }
    }

    @Test
    void anInterruptStopsTheTransferAndKeepsWhatCame() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        FileServer.Answer drip = (request, from) -> {
            request.sendResponseHeaders(200, content.length);
            asked.countDown();
            for (int i = 0; i < content.length; i += 1000) {
                request.getResponseBody().write(content, i, 1000);
                request.getResponseBody().flush();
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    return;
                }
            }
        };
        try (FileServer server = new FileServer(drip)) {
            List<Throwable> thrown = new ArrayList<>();
            Thread thread = Thread.ofPlatform().start(() -> {
                try {
                    get(server.address("/data.bin"));
                } catch (RuntimeException e) {
                    thrown.add(e);
                }
            });
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            Thread.sleep(100);
            thread.interrupt();
            thread.join(Duration.ofSeconds(10));
            assertThat(thrown).singleElement().asInstanceOf(InstanceOfAssertFactories.THROWABLE).hasMessageContaining("was interrupted");
            assertThat(folder.resolve("data.bin.part")).exists();
        }
    }

    @Test
    void aLocalFolderIsReadThroughTheSameCheck() throws Exception {
        Files.write(folder.resolve("data.bin"), content);
        RemoteFile file = file(URI.create("http://nowhere.invalid/data.bin"));
        assertThat(Download.from(folder).get(file)).isEqualTo(folder.resolve("data.bin"));
        Files.write(folder.resolve("data.bin"), FileServer.changed(content, 1));
        assertThatThrownBy(() -> Download.from(folder).get(file)).hasMessageContaining("is not the file this toolkit was checked with: its sha256 is ")
                .hasMessageContaining("http://nowhere.invalid/data.bin");
        assertThat(folder.resolve("data.bin")).exists();
    }

    @Test
    void aLocalFolderThatLacksTheFileSaysWhereToGetIt() {
        assertThatThrownBy(() -> Download.from(folder).get(file(URI.create("http://nowhere.invalid/data.bin"))))
                .hasMessage("LEMMA_DATA (or -Dlemma.data) is " + folder + ", which has no file data.bin. Save http://nowhere.invalid/data.bin"
                        + " there under that name, or unset LEMMA_DATA to download it.");
    }

    @Test
    void theSystemPropertyNamesTheLocalFolder() throws Exception {
        Files.write(folder.resolve("data.bin"), content);
        String before = System.setProperty("lemma.data", folder.toString());
        try {
            assertThat(Download.standard().get(file(URI.create("http://nowhere.invalid/data.bin")))).isEqualTo(folder.resolve("data.bin"));
        } finally {
            if (before == null) System.clearProperty("lemma.data");
            else System.setProperty("lemma.data", before);
        }
    }

    @Test
    void aNameThatLeavesTheFolderIsRefused() {
        assertThatThrownBy(() -> new RemoteFile("../data.bin", 1, sha256(content), List.of(URI.create("http://nowhere.invalid/"))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'../data.bin'");
    }

    private Path get(URI... addresses) {
        return Download.into(folder).with(QUICK).get(file(addresses));
    }

    private RemoteFile file(URI... addresses) {
        return new RemoteFile("data.bin", BYTES, sha256(content), List.of(addresses));
    }

    private Process process(URI address) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(java, "-Xmx64m", "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Fetch.class.getName(), folder.toString(), address.toString(), sha256(content)).redirectErrorStream(true).start();
    }

    /** The program of the second and third process. */
    static final class Fetch {
        public static void main(String[] args) {
            Download.into(Path.of(args[0])).with(QUICK).get(new RemoteFile("data.bin", BYTES, args[2], List.of(URI.create(args[1]))));
        }
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
