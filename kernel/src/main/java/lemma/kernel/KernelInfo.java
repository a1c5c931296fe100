package lemma.kernel;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import lemma.kernel.wire.Json;
import lemma.kernel.wire.Message;

/** What the kernel says about itself. */
final class KernelInfo {
    private KernelInfo() {}

    static JsonObject reply() {
        String version = jvm().getProperty("version");
        return Json.object("status", "ok", "protocol_version", Message.PROTOCOL, "implementation", "lemma", "implementation_version", version,
                "banner", "Lemma " + version + " on Java " + Runtime.version(),
                "language_info", Json.object("name", "java", "version", Integer.toString(Runtime.version().feature()), "mimetype", "text/x-java-source",
                        "file_extension", ".jshell", "pygments_lexer", "java", "codemirror_mode", "text/x-java"),
                "help_links", links(Runtime.version().feature()),
                "debugger", false, "supported_features", List.of());
    }

    private static List<?> links(int java) {
        String docs = "https://docs.oracle.com/en/java/javase/" + java;
        return List.of(link("Java API", docs + "/docs/api/"), link("JShell guide", docs + "/jshell/"),
                link("Java language specification", "https://docs.oracle.com/javase/specs/jls/se" + java + "/html/"),
                link("Tablesaw", "https://jtablesaw.github.io/tablesaw/"), link("ND4J", "https://deeplearning4j.konduit.ai/nd4j/overview"));
    }

    private static Object link(String text, String url) {
        return Json.object("text", text, "url", url);
    }

    /** The properties that the toolkit carries: {@code flags} of every Lemma JVM and {@code version}. */
    static Properties jvm() {
        Properties properties = new Properties();
        try (InputStream in = KernelInfo.class.getResourceAsStream("/lemma/jvm.properties")) {
            if (in == null) throw new IllegalStateException("lemma/jvm.properties is not on the class path; is lemma-toolkit?");
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read lemma/jvm.properties", e);
        }
        return properties;
    }
}
