package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceJavadocTest {
    private static final String SOURCE = """
            package some.where;
            /** A thing with {@code parts} and a <b>shape</b>. */
            public class Thing {
                /** How many. */
                public int count;
                /** Makes one of two. */
                public Thing(int a, java.util.Map<String, String> b) { }
                /**
                 * Adds one: {@code x + y}; see {@link Part#of}.
                 *
                 * @param x the first
                 * @return the sum
                 */
                public int add(int x) { return x; }
                /** Adds two. */
                public int add(int x, int y) { return x; }
                /** A part. */
                public static class Part {
                    /** Makes a part. */
                    public static Part of() { return null; }
                }
            }
            """;
    @TempDir
    static Path folder;
    private static SourceJavadoc javadoc;

    @BeforeAll
    static void writeSources() throws IOException {
        Path jar = Files.createFile(folder.resolve("thing.jar"));
        try (OutputStream out = Files.newOutputStream(folder.resolve("thing-sources.jar")); JarOutputStream zip = new JarOutputStream(out)) {
            zip.putNextEntry(new JarEntry("some/where/Thing.java"));
            zip.write(SOURCE.getBytes(StandardCharsets.UTF_8));
        }
        javadoc = new SourceJavadoc(jar.toString());
    }

    private static String plain(String signature) {
        String comment = javadoc.of(signature);
        return comment == null ? null : JavadocText.plain(comment);
    }

    @Test
    void findsTypesMembersAndOverloads() {
        assertThat(plain("some.where.Thing")).isEqualTo("A thing with parts and a shape.");
        assertThat(plain("int some.where.Thing.add(int x, int y)")).isEqualTo("Adds two.");
        assertThat(plain("int some.where.Thing.count")).isEqualTo("How many.");
        assertThat(plain("some.where.Thing.Part some.where.Thing.Part.of()")).isEqualTo("Makes a part.");
        assertThat(plain("some.where.Thing(int a, java.util.Map<String,String> b)")).isEqualTo("Makes one of two.");
    }

    @Test
    void writesTagsAsText() {
        assertThat(plain("int some.where.Thing.add(int x)")).isEqualTo("Adds one: x + y; see Part.of.\n\n  parameter x the first\n  returns the sum");
    }

    @Test
    void findsNothingWithoutSources() {
        assertThat(plain("int some.where.Other.add(int x)")).isNull();
        assertThat(plain("x")).isNull();
    }
}
