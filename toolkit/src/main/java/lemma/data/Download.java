package lemma.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Fetches files once, checks them by SHA-256 and keeps them in a cache folder. An interrupted transfer is resumed; a file appears under
 * its name only when it is whole and right, so two processes can ask for the same file at the same time.
 *
 * <p>The standard downloader reads from the folder named by the system property {@code lemma.data} or the variable {@code LEMMA_DATA} where
 * one is set, through the same check and without network; otherwise it keeps files in {@code LEMMA_CACHE}, else
 * {@code XDG_CACHE_HOME/lemma}, else {@code ~/.cache/lemma}.
 */
public final class Download {
    private static final ConcurrentHashMap<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private final Path cache;
    private final Path local;
    private final Options options;

    /**
     * How patient a transfer is.
     *
     * @param connect how long to wait for a connection
     * @param stall how long to wait for the next byte
     * @param tries how often one address is tried; every try after the first resumes
     * @param pause how long to wait before the second try, doubled before each further one
     */
    public record Options(Duration connect, Duration stall, int tries, Duration pause) {
        public static final Options DEFAULT = new Options(Duration.ofSeconds(15), Duration.ofSeconds(30), 4, Duration.ofMillis(500));

        /** @throws IllegalArgumentException for a wait that is not positive or {@code tries < 1} */
        public Options {
            if (!connect.isPositive()) throw new IllegalArgumentException("Download: connect is " + connect + ", expected a positive duration");
            if (!stall.isPositive()) throw new IllegalArgumentException("Download: stall is " + stall + ", expected a positive duration");
            if (tries < 1) throw new IllegalArgumentException("Download: tries is " + tries + ", expected at least 1");
            if (pause.isNegative()) throw new IllegalArgumentException("Download: pause is " + pause + ", expected zero or more");
        }
    }

    private Download(Path cache, Path local, Options options) {
        this.cache = cache;
        this.local = local;
        this.options = options;
    }

    /** The downloader that the environment asks for: {@code LEMMA_DATA} where it is set, else the cache folder. */
    public static Download standard() {
        String folder = setting("lemma.data", "LEMMA_DATA");
        return folder == null ? into(cacheFolder()) : from(Path.of(folder));
    }

    /** A downloader that keeps its files in {@code cache}; the folder is made when the first file is asked for. */
    public static Download into(Path cache) {
        return new Download(Objects.requireNonNull(cache, "cache"), null, Options.DEFAULT);
    }

    /** A reader of files that lie in {@code folder} already; it never uses the network. */
    public static Download from(Path folder) {
        return new Download(null, Objects.requireNonNull(folder, "folder"), Options.DEFAULT);
    }

    /** This downloader with other waiting times. */
    public Download with(Options other) {
        return new Download(cache, local, Objects.requireNonNull(other, "options"));
    }

    /**
     * The path of {@code file}, fetched if need be. The length and the SHA-256 hold for what is returned.
     *
     * @throws UncheckedIOException when no address gives the file, or when a local folder lacks it or has another one; the message says how to mend it
     */
    public Path get(RemoteFile file) {
        try {
            return local == null ? cached(file) : localCopy(file);
        } catch (InterruptedIOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file.name() + ": " + reason(e), e);
        }
    }

    private Path localCopy(RemoteFile file) throws IOException {
        Path path = local.resolve(file.name());
        if (!Files.isRegularFile(path)) {
            throw new UncheckedIOException("LEMMA_DATA (or -Dlemma.data) is " + local + ", which has no file " + file.name() + ". Save "
                    + file.addresses().getFirst() + " there under that name, or unset LEMMA_DATA to download it.", new NoSuchFileException(path.toString()));
        }
        String wrong = difference(path, file);
        if (wrong != null) {
            throw new UncheckedIOException(path + " is not the file this toolkit was checked with: " + wrong + ". Replace it by "
                    + file.addresses().getFirst() + ", or unset LEMMA_DATA to download it.", new IOException(wrong));
        }
        return path;
    }

    private Path cached(RemoteFile file) throws IOException {
        Path target = cache.resolve(file.name());
        if (isRight(target, file)) return target;
        Files.createDirectories(cache);
        ReentrantLock threads = LOCKS.computeIfAbsent(target.toAbsolutePath().normalize(), p -> new ReentrantLock());
        lockInterruptibly(threads, file);
        try (FileChannel gate = FileChannel.open(cache.resolve(file.name() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock processes = gate.lock()) {
            Objects.requireNonNull(processes);
            if (!isRight(target, file)) fetch(file, target);
            return target;
        } finally {
            threads.unlock();
        }
    }

    private void fetch(RemoteFile file, Path target) throws IOException {
        Path part = cache.resolve(file.name() + ".part");
        List<IOException> failures = new ArrayList<>();
        try (DownloadProgress progress = new DownloadProgress(file)) {
            for (URI address : file.addresses()) {
                IOException failure = fetchFrom(address, file, part, progress);
                if (failure != null) {
                    failures.add(failure);
                    continue;
                }
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                progress.finished();
                return;
            }
        }
        throw new UncheckedIOException(advice(file, target, failures), failures.getLast());
    }

    private static String advice(RemoteFile file, Path target, List<IOException> failures) {
        StringBuilder message = new StringBuilder("Cannot download " + file.name() + " (" + DownloadProgress.size(file.bytes()) + "):");
        for (int i = 0; i < failures.size(); i++) message.append("\n  ").append(file.addresses().get(i)).append(": ").append(reason(failures.get(i)));
        return message.append("\nWithout network: save the file from one of these addresses as ").append(target).append(", or put it as ").append(file.name())
                .append(" into a folder and set LEMMA_DATA to that folder (sha256 ").append(file.sha256()).append(").").toString();
    }

    /** Null when {@code part} holds the whole, right file; otherwise why not. */
    private IOException fetchFrom(URI address, RemoteFile file, Path part, DownloadProgress progress) throws IOException {
        IOException failure = null;
        Duration pause = options.pause();
        for (int attempt = 1; attempt <= options.tries(); attempt++) {
            if (attempt > 1) {
                sleep(pause, file);
                pause = pause.multipliedBy(2);
            }
            try {
                boolean resumed = new Transfer(address, file, part, options).run(progress);
                String wrong = difference(part, file);
                if (wrong == null) return null;
                Files.delete(part);
                failure = new IOException(wrong);
                if (!resumed) return failure; // another file lies there; a resumed one may be two versions joined
            } catch (Transfer.Refused | UnknownHostException e) {
                return e;
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) throw interrupted(file);
                failure = e;
            }
        }
        return failure;
    }

    private static String reason(IOException e) {
        String name = e.getClass().getSimpleName();
        if (e instanceof Transfer.Refused || e.getClass() == IOException.class) return e.getMessage();
        return e.getMessage() == null ? name : name + " " + e.getMessage();
    }

    private static boolean isRight(Path path, RemoteFile file) throws IOException {
        return Files.isRegularFile(path) && difference(path, file) == null;
    }

    /** What is wrong with the file at {@code path}, or null. */
    private static String difference(Path path, RemoteFile file) throws IOException {
        long length = Files.size(path);
        if (length != file.bytes()) return "it has " + length + " bytes, expected " + file.bytes();
        String sha256 = HexFormat.of().formatHex(Digests.sha256(path));
        return sha256.equals(file.sha256()) ? null : "its sha256 is " + sha256 + ", expected " + file.sha256();
    }

    private static void sleep(Duration pause, RemoteFile file) throws InterruptedIOException {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            throw interrupted(file);
        }
    }

    private static void lockInterruptibly(ReentrantLock lock, RemoteFile file) throws InterruptedIOException {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            throw interrupted(file);
        }
    }

    static InterruptedIOException interrupted(RemoteFile file) {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("The download of " + file.name() + " was interrupted; what has arrived is kept and the next call resumes.");
    }

    private static Path cacheFolder() {
        String own = setting("lemma.cache", "LEMMA_CACHE");
        if (own != null) return Path.of(own);
        String xdg = System.getenv("XDG_CACHE_HOME");
        if (xdg != null && !xdg.isBlank()) return Path.of(xdg, "lemma");
        return Path.of(System.getProperty("user.home"), ".cache", "lemma");
    }

    private static String setting(String property, String variable) {
        String value = System.getProperty(property, System.getenv(variable));
        return value == null || value.isBlank() ? null : value;
    }
}
