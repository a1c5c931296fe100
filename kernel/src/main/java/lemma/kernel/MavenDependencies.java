package lemma.kernel;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.maven.model.Model;
import org.apache.maven.model.Repository;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;
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
    private static final List<String> SCOPES = List.of(JavaScopes.COMPILE, JavaScopes.RUNTIME, JavaScopes.SYSTEM);

    private final List<RemoteRepository> added = new ArrayList<>();

    /** Looks in {@code url} too from now on. */
    void addRepository(String id, String url) {
        added.add(new RemoteRepository.Builder(id, "default", url).build());
    }

    /** The jars of {@code coordinates}, each {@code group:artifact[:extension[:classifier]]:version}, and of what they need. */
    List<Path> resolve(List<String> coordinates) {
        return resolve(coordinates.stream().map(c -> new Dependency(artifact(c), JavaScopes.RUNTIME)).toList(), List.of());
    }

    private static Artifact artifact(String coordinates) {
        try {
            return new DefaultArtifact(coordinates);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + coordinates + "\" is no Maven coordinate; write group:artifact:version, "
                    + "as in org.apache.commons:commons-csv:1.14.1", e);
        }
    }

    /** The jars of the dependencies in {@code xml}: a whole POM, or only its {@code dependencies} and {@code repositories}. */
    List<Path> resolvePom(String xml) {
        Model model = model(xml);
        List<RemoteRepository> repositories = model.getRepositories().stream().map(MavenDependencies::repository).toList();
        try (Context context = context()) {
            ArtifactTypeRegistry types = context.repositorySystemSession().getArtifactTypeRegistry();
            List<Dependency> dependencies = model.getDependencies().stream()
                    .filter(d -> d.getScope() == null || SCOPES.contains(d.getScope())).map(d -> dependency(d, model, types)).toList();
            return resolve(dependencies, repositories);
        }
    }

    private static Model model(String xml) {
        String body = xml.strip();
        String pom = body.startsWith("<?xml") || body.startsWith("<project") ? body
                : "<project>" + (body.startsWith("<dependency>") ? "<dependencies>" + body + "</dependencies>" : body) + "</project>";
        try {
            return new MavenXpp3Reader().read(new StringReader(pom));
        } catch (IOException | XmlPullParserException e) {
            throw new IllegalArgumentException("not a POM: " + e.getMessage(), e);
        }
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

    private List<Path> resolve(List<Dependency> dependencies, List<RemoteRepository> more) {
        try (Context context = context()) {
            List<RemoteRepository> repositories = new ArrayList<>(context.remoteRepositories());
            repositories.addAll(added);
            repositories.addAll(more);
            CollectRequest collect = new CollectRequest(dependencies, List.of(),
                    context.repositorySystem().newResolutionRepositories(context.repositorySystemSession(), repositories));
            DependencyRequest request = new DependencyRequest(collect, DependencyFilterUtils.classpathFilter(JavaScopes.RUNTIME));
            return context.repositorySystem().resolveDependencies(context.repositorySystemSession(), request).getArtifactResults().stream()
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
