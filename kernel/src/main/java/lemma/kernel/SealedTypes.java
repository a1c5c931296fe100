package lemma.kernel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.TypeDeclSnippet;

/**
 * Sealed types that wait for the types they permit. JShell leaves such a type undefined until then, so that {@code sealed interface
 * Shape permits Circle} does not hide an imported {@code Shape} and {@code record Circle() implements Shape} means the wrong one.
 * Until all are there an open type of the same name stands in.
 */
final class SealedTypes {
    private static final Pattern SEALED = Pattern.compile("(?<![-\\w])sealed\\s");
    private static final Pattern PERMITS = Pattern.compile("\\bpermits\\b[\\s\\w.,<>]*$");

    private record Waiting(String source, Set<String> missing) {}

    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private final Set<Waiting> told = new HashSet<>();

    /** The declaration to run in place of one that waits for {@code missing} types, null when it is no sealed one. */
    String open(TypeDeclSnippet type, List<String> missing) {
        String source = type.source();
        int body = source.indexOf('{');
        if (body < 0 || !SEALED.matcher(source.substring(0, body)).find()) return null;
        Set<String> names = missing.stream().map(name -> name.substring(name.lastIndexOf(' ') + 1)).collect(Collectors.toCollection(TreeSet::new));
        waiting.put(type.name(), new Waiting(source, names));
        String head = PERMITS.matcher(SEALED.matcher(source.substring(0, body)).replaceFirst("")).replaceFirst("");
        return head + source.substring(body);
    }

    /** The user has declared {@code name} anew. */
    void forget(String name) {
        waiting.remove(name);
    }

    /** What those wait for of which the user has not been told yet. */
    Map<String, Set<String>> untold() {
        Map<String, Set<String>> missing = new LinkedHashMap<>();
        waiting.forEach((name, type) -> {
            if (told.add(type)) missing.put(name, type.missing());
        });
        return missing;
    }

    /** The declarations whose types are all there by now; they wait no longer. */
    List<String> complete(JShell shell) {
        if (waiting.isEmpty()) return List.of();
        Set<String> there = shell.snippets().filter(snippet -> snippet instanceof TypeDeclSnippet && shell.status(snippet).isDefined())
                .map(snippet -> ((TypeDeclSnippet) snippet).name()).collect(Collectors.toSet());
        List<String> ready = new ArrayList<>();
        waiting.values().removeIf(type -> there.containsAll(type.missing()) && ready.add(type.source()));
        return ready;
    }
}
