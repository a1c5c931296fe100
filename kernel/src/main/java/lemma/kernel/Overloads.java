package lemma.kernel;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.MethodSnippet;
import jdk.jshell.SourceCodeAnalysis;

/**
 * Methods of one name, of which a redefined one may live on beside the new. JShell puts an overload that calls another into one class with
 * it; when only one of the two is redefined the other stays in that class, and with it what was replaced, so that a call is ambiguous
 * between a method and its former self. An overload declared again gets a class of its own.
 */
final class Overloads {
    private final JShell shell;
    private final SourceCodeAnalysis analysis;

    Overloads(JShell shell) {
        this.shell = shell;
        analysis = shell.sourceCodeAnalysis();
    }

    /** A method, named as {@code changed} and not yet in {@code done}, that shares a class with one that is no longer meant. */
    Optional<MethodSnippet> besideReplaced(MethodSnippet changed, Set<String> done) {
        List<MethodSnippet> all = shell.snippets().filter(MethodSnippet.class::isInstance).map(MethodSnippet.class::cast)
                .filter(method -> method.name().equals(changed.name())).toList();
        Set<String> replaced = all.stream().filter(method -> !shell.status(method).isActive()).map(this::holder).collect(Collectors.toSet());
        return all.stream().filter(method -> shell.status(method).isDefined() && replaced.contains(holder(method)) && done.add(method.source())).findFirst();
    }

    private String holder(MethodSnippet method) {
        return analysis.wrapper(method).fullClassName();
    }
}
