package lemma.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * The files of an npm package that is on the class path as a WebJar.
 *
 * @param name the package
 * @param version its version
 * @see <a href="https://www.webjars.org">WebJars</a>
 */
public record WebJar(String name, String version) {
    /** The package {@code name}, in the version that is there. */
    public static WebJar of(String name) {
        Properties pom = new Properties();
        try (InputStream in = WebJar.class.getResourceAsStream("/META-INF/maven/org.webjars.npm/" + name + "/pom.properties")) {
            if (in == null) throw new IllegalStateException("org.webjars.npm:" + name + " is not on the class path");
            pom.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the version of org.webjars.npm:" + name, e);
        }
        return new WebJar(name, pom.getProperty("version"));
    }

    /** The bytes of one of its files. */
    public byte[] bytes(String file) {
        return resource("/META-INF/resources/webjars/" + name + "/" + version + "/" + file);
    }

    /** One of its files as text. */
    public String text(String file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    /** The bytes of any resource of the class path. */
    public static byte[] resource(String path) {
        try (InputStream in = WebJar.class.getResourceAsStream(path)) {
            if (in == null) throw new IllegalStateException(path + " is not on the class path");
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }
}
