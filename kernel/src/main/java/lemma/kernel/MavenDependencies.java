package lemma.kernel;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.maven.model.Model;
import org.apache.maven.model.Repository;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.ArtifactTypeRegistry;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.Exclusion;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;
import org.eclipse.aether.util.artifact.JavaScopes;
import org.eclipse.aether.util.filter.DependencyFilterUtils;

/** Jars from Maven repositories with all they need, by the user's own Maven settings and local repository. */
final class MavenDependencies {
    private static final List<String> SCOPES = List.of(JavaScopes.COMPILE, JavaScopes.RUNTIME, JavaScopes.SYSTEM, "import");
    private static final Pattern FRAGMENT = Pattern.compile("(?s)<(dependency|repository)>.*?</\\1>|<properties>.*?</properties>");

    private final List<RemoteRepository> added = new ArrayList<>();

    /** Looks in {@code url} too from now on. */
    void addRepository(String id, String url) {
        added.add(new RemoteRepository.Builder(id, "default", url).build());
    }

    /**
     * The jars of {@code coordinates}, each {@code group:artifact[:extension[:classifier]]:version}, and of what they need without
     * what {@code excluded} names, each {@code group:artifact}; a star stands for any.
     */
    List<Path> resolve(List<String> coordinates, List<String> excluded) {
        List<Exclusion> exclusions = excluded.stream().map(MavenDependencies::exclusion).toList();
        return jars(coordinates.stream().map(c -> new Dependency(artifact(c), JavaScopes.RUNTIME, false, exclusions)).toList(), new ArrayList<>());
    }

    private static Exclusion exclusion(String name) {
        String[] words = name.split(":");
        if (words.length != 2) throw new IllegalArgumentException("\"" + name + "\" is no exclusion; write --exclude group:artifact");
        return new Exclusion(words[0], words[1], "*", "*");
    }

    private static Artifact artifact(String coordinates) {
        try {
            return new DefaultArtifact(coordinates);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + coordinates + "\" is no Maven coordinate; write group:artifact:version, "
                    + "as in org.apache.commons:commons-csv:1.14.1", e);
        }
    }

    /**
     * The jars of the dependencies in {@code xml}, a whole POM or fragments of one: dependencies, repositories, properties.
     *
     * @param scopes of the dependencies taken; without any, all but tests and what is provided
     */
    List<Path> resolvePom(String xml, List<String> scopes) {
        List<String> taken = scopes.isEmpty() ? SCOPES : scopes;
        Model model = model(xml);
        List<RemoteRepository> repositories = model.getRepositories().stream().map(MavenDependencies::repository).toList();
        try (Context context = context()) {
            ArtifactTypeRegistry types = context.repositorySystemSession().getArtifactTypeRegistry();
            List<Dependency> dependencies = model.getDependencies().stream()
                    .filter(d -> taken.contains(d.getScope() == null ? JavaScopes.COMPILE : d.getScope())).map(d -> dependency(d, model, types)).toList();
            return jars(dependencies, repositories);
        }
    }

    private static Model model(String xml) {
        String body = xml.strip();
        String pom = body.contains("<project") ? body : whole(body);
        try {
            return new MavenXpp3Reader().read(new StringReader(pom));
        } catch (IOException | XmlPullParserException e) {
            throw new IllegalArgumentException("not a POM: " + e.getMessage(), e);
        }
    }

    private static String whole(String fragments) {
        Map<String, List<String>> found = FRAGMENT.matcher(fragments).results()
                .collect(Collectors.groupingBy(match -> match.group(1) == null ? "properties" : match.group(1), Collectors.mapping(MatchResult::group, Collectors.toList())));
        if (found.isEmpty()) throw new IllegalArgumentException("no <dependency> in: " + fragments.lines().findFirst().orElse("(nothing)"));
        return "<project>" + String.join("", found.getOrDefault("properties", List.of()))
                + "<dependencies>" + String.join("", found.getOrDefault("dependency", List.of())) + "</dependencies>"
                + "<repositories>" + String.join("", found.getOrDefault("repository", List.of())) + "</repositories></project>";
    }

    private static RemoteRepository repository(Repository repository) {
        return new RemoteRepository.Builder(repository.getId(), "default", repository.getUrl()).build();
    }

    private static Dependency dependency(org.apache.maven.model.Dependency d, Model model, ArtifactTypeRegistry types) {
        if (d.getVersion() == null) throw new IllegalArgumentException(d.getManagementKey() + " has no version");
        String version = interpolate(d.getVersion(), model);
        DefaultArtifact artifact = new DefaultArtifact(interpolate(d.getGroupId(), model), interpolate(d.getArtifactId(), model), d.getClassifier(),
                types.get(d.getType()) == null ? d.getType() : types.get(d.getType()).getExtension(), version);
        List<Exclusion> exclusions = d.getExclusions().stream().map(e -> new Exclusion(e.getGroupId(), e.getArtifactId(), "*", "*")).toList();
        return new Dependency(artifact, JavaScopes.RUNTIME, false, exclusions);
    }

    private static String interpolate(String text, Model model) {
        String result = text;
        for (String name : model.getProperties().stringPropertyNames()) {
            result = result.replace("${" + name + "}", model.getProperties().getProperty(name));
        }
        if (result.contains("${")) throw new IllegalArgumentException(text + " is not defined among the properties of the POM");
        return result;
    }

    private List<Path> jars(List<Dependency> dependencies, List<RemoteRepository> more) {
        try (Context context = context(); Downloads downloads = new Downloads()) {
            List<RemoteRepository> repositories = new ArrayList<>(context.remoteRepositories());
            repositories.addAll(added);
            repositories.addAll(more);
            CollectRequest collect = new CollectRequest(dependencies, List.of(),
                    context.repositorySystem().newResolutionRepositories(context.repositorySystemSession(), repositories));
            DependencyRequest request = new DependencyRequest(collect, DependencyFilterUtils.classpathFilter(JavaScopes.RUNTIME));
            DefaultRepositorySystemSession session = new DefaultRepositorySystemSession(context.repositorySystemSession());
            session.setTransferListener(downloads);
            return context.repositorySystem().resolveDependencies(session, request).getArtifactResults().stream()
                    .map(ArtifactResult::getArtifact).map(artifact -> artifact.getFile().toPath()).toList();
        } catch (DependencyResolutionException e) {
            String wanted = dependencies.stream().map(d -> d.getArtifact().toString()).collect(Collectors.joining(", "));
            throw new IllegalArgumentException("cannot resolve " + wanted + ": " + e.getMessage(), e);
        }
    }

    private static Context context() {
        return Runtimes.INSTANCE.getRuntime().create(ContextOverrides.create().withUserSettings(true).build());
    }
}
