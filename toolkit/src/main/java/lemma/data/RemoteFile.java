package lemma.data;

import java.net.URI;
import java.util.List;

/**
 * A file that is fetched when it is asked for.
 *
 * @param name the file's name in the cache folder and in a local folder
 * @param bytes its exact length
 * @param sha256 its SHA-256 in 64 lower-case hexadecimal digits
 * @param addresses where it lies (http or https), tried in this order
 */
public record RemoteFile(String name, long bytes, String sha256, List<URI> addresses) {
    /** @throws IllegalArgumentException for a name with a folder in it, a length below 1, a malformed digest, or no http(s) address */
    public RemoteFile {
        if (!name.matches("[\\w][\\w.-]*")) {
            throw new IllegalArgumentException("RemoteFile: name is '" + name + "', expected letters, digits, '.', '_' and '-' only");
        }
        if (bytes < 1) throw new IllegalArgumentException("RemoteFile " + name + ": bytes is " + bytes + ", expected at least 1");
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("RemoteFile " + name + ": sha256 is '" + sha256 + "', expected 64 lower-case hexadecimal digits");
        }
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) throw new IllegalArgumentException("RemoteFile " + name + ": no address to fetch it from");
        for (URI address : addresses) {
            if (!List.of("http", "https").contains(String.valueOf(address.getScheme()))) {
                throw new IllegalArgumentException("RemoteFile " + name + ": address is " + address + ", expected http or https");
            }
        }
    }
}
