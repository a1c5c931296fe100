package lemma.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * One request for the bytes of a file that {@code part} lacks. A server that honours Range sends only those; from one that does not the
 * whole file is taken anew. URLConnection and not java.net.http, because only its read timeout notices a body that stops.
 */
final class Transfer {
    private static final int REDIRECTS = 8;
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

    private final URI address;
    private final RemoteFile file;
    private final Path part;
    private final Download.Options options;

    /** An answer that another try will not change. */
    static final class Refused extends IOException {
        Refused(String message) {
            super(message);
        }
    }

    Transfer(URI address, RemoteFile file, Path part, Download.Options options) {
        this.address = address;
        this.file = file;
        this.part = part;
        this.options = options;
    }

    /**
     * True when the bytes that stood in {@code part} were resumed, false when all are new.
     *
     * @throws IOException when the answer is not the rest of the file; what arrived of it stays in {@code part}
     */
    boolean run(DownloadProgress progress) throws IOException {
        long have = Files.exists(part) ? Files.size(part) : 0;
        if (have == file.bytes()) return true;
        if (have > file.bytes()) {
            Files.delete(part);
            have = 0;
        }
        HttpURLConnection connection = open(have);
        try {
            int status = connection.getResponseCode();
            if (status == 416) {
                Files.deleteIfExists(part);
                throw new IOException("HTTP 416 for the bytes from " + have + " on");
            }
            if (status != 200 && status != 206) throw failure(status);
            long start = status == 206 ? checkedStart(connection, have) : 0;
            long announced = connection.getContentLengthLong();
            if (announced >= 0 && announced != file.bytes() - start) {
                throw new Refused("the file there has " + (start + announced) + " bytes, expected " + file.bytes());
            }
            receive(connection.getInputStream(), start, progress);
            return start > 0;
        } catch (SocketTimeoutException e) {
            throw new SocketTimeoutException("no byte for " + options.stall().toMillis() / 1000.0 + " s");
        } finally {
            connection.disconnect();
        }
    }

    private HttpURLConnection open(long from) throws IOException {
        URI next = address;
        for (int hop = 0; hop <= REDIRECTS; hop++) {
            HttpURLConnection connection = (HttpURLConnection) next.toURL().openConnection();
            connection.setInstanceFollowRedirects(false); // java.net follows none from http to https
            connection.setConnectTimeout((int) options.connect().toMillis());
            connection.setReadTimeout((int) options.stall().toMillis());
            connection.setRequestProperty("User-Agent", "lemma-toolkit");
            connection.setRequestProperty("Accept-Encoding", "identity");
            if (from > 0) connection.setRequestProperty("Range", "bytes=" + from + "-");
            int status = connection.getResponseCode();
            if (!Set.of(301, 302, 303, 307, 308).contains(status)) return connection;
            next = redirected(next, connection.getHeaderField("Location"));
            connection.disconnect();
        }
        throw new Refused("more than " + REDIRECTS + " redirections");
    }

    private static URI redirected(URI from, String location) throws Refused {
        if (location == null) throw new Refused("a redirection without a Location");
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new Refused("a redirection to '" + location + "', which is not an address");
        }
        boolean secure = "https".equals(to.getScheme());
        boolean plain = "http".equals(to.getScheme()) && "http".equals(from.getScheme());
        if (!secure && !plain) throw new Refused("a redirection from " + from.getScheme() + " to " + to);
        return to;
    }

    private static IOException failure(int status) {
        String message = "HTTP " + status;
        return PASSING.contains(status) ? new IOException(message) : new Refused(message);
    }

    private long checkedStart(HttpURLConnection connection, long have) throws IOException {
        String range = connection.getHeaderField("Content-Range");
        if (have > 0 && range != null && range.equals("bytes " + have + "-" + (file.bytes() - 1) + "/" + file.bytes())) return have;
        Files.deleteIfExists(part);
        throw new IOException("asked for the bytes from " + have + " of " + file.bytes() + " on, got '" + range + "'");
    }

    private void receive(InputStream in, long start, DownloadProgress progress) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long have = start;
        try (in; FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            out.truncate(start);
            out.position(start);
            progress.from(have);
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                have += n;
                if (have > file.bytes()) throw tooLong(out);
                write(out, ByteBuffer.wrap(buffer, 0, n));
                progress.at(have);
                if (Thread.interrupted()) throw Download.interrupted(file);
            }
            out.force(true);
        }
        if (have < file.bytes()) throw new IOException("the connection ended after " + have + " of " + file.bytes() + " bytes");
    }

    private IOException tooLong(FileChannel out) throws IOException {
        out.truncate(0);
        return new IOException("more than the expected " + file.bytes() + " bytes");
    }

    private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) out.write(bytes);
    }
}
