package lemma.kernel;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;

/**
 * The compiler's files without what it would do again for each of a cell's passes or need not do at all: the class path is indexed once,
 * of its jars those alone are opened of which a package is asked for, and the package of the snippets, which JShell itself holds, is not
 * looked for in them.
 */
final class CompilerFiles extends ForwardingJavaFileManager<StandardJavaFileManager> implements StandardJavaFileManager {
    private static final String SNIPPETS = "REPL";
    private static final Set<String> CLASS_PATH_OPTIONS = Set.of("-classpath", "--class-path", "-cp");

    private static final ClassLoader NO_PLUGINS = new ClassLoader("without plug-ins", null) {
        @Override
        public Enumeration<URL> getResources(String name) {
            return Collections.emptyEnumeration();
        }
    };

    private final PackageIndex index;
    private final Indexing indexing;
    private final Set<Path> closed;
    private List<Path> classPath;

    /**
     * @param index what the jars hold, or null when that is not known: then all are opened
     * @param indexing when JShell may list all classes
     */
    CompilerFiles(StandardJavaFileManager files, PackageIndex index, Indexing indexing) {
        super(files);
        this.index = index;
        this.indexing = indexing;
        classPath = index == null ? List.of() : index.jars();
        closed = new HashSet<>(classPath);
        if (index != null) setClassPath();
    }

    @Override
    public Iterable<JavaFileObject> list(Location location, String packageName, Set<JavaFileObject.Kind> kinds, boolean recurse) throws IOException {
        if (packageName.equals(SNIPPETS)) return List.of();
        if (location == StandardLocation.CLASS_PATH) open(recurse ? classPath : holders(packageName));
        return super.list(location, packageName, kinds, recurse);
    }

    private List<Path> holders(String packageName) {
        return index == null ? List.of() : index.holders(packageName);
    }

    private void open(Collection<Path> jars) {
        if (closed.removeAll(jars)) setClassPath();
    }

    private void setClassPath() {
        try {
            fileManager.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath.stream().filter(path -> !closed.contains(path)).toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot set the compiler's class path", e);
        }
    }

    @Override
    public boolean handleOption(String current, Iterator<String> remaining) {
        if (index == null || !CLASS_PATH_OPTIONS.contains(current) || !remaining.hasNext()) return super.handleOption(current, remaining);
        classPath = Stream.of(remaining.next().split(File.pathSeparator)).map(Path::of).toList();
        setClassPath();
        return true;
    }

    /** All of the class path, also what has not been opened. */
    @Override
    public Iterable<? extends Path> getLocationAsPaths(Location location) {
        if (location == StandardLocation.PLATFORM_CLASS_PATH && isIndexing()) indexing.awaitTurn();
        return index != null && location == StandardLocation.CLASS_PATH ? classPath : fileManager.getLocationAsPaths(location);
    }

    /** Whether JShell asks in order to list all classes. */
    private static boolean isIndexing() {
        return StackWalker.getInstance().walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("refreshIndexes")));
    }

    @Override
    public JavaFileObject getJavaFileForInput(Location location, String className, JavaFileObject.Kind kind) throws IOException {
        if (location == StandardLocation.CLASS_PATH) open(holders(className.substring(0, Math.max(0, className.lastIndexOf('.')))));
        return super.getJavaFileForInput(location, className, kind);
    }

    @Override
    public FileObject getFileForInput(Location location, String packageName, String relativeName) throws IOException {
        if (location == StandardLocation.CLASS_PATH) open(classPath);
        return super.getFileForInput(location, packageName, relativeName);
    }

    /** Where each pass looks for plug-ins of the compiler, of which the jars of the index have none. */
    @Override
    public ClassLoader getClassLoader(Location location) {
        boolean own = index != null && location == StandardLocation.CLASS_PATH && classPath.equals(index.jars());
        return own ? NO_PLUGINS : super.getClassLoader(location);
    }

    /** Keeps the index of the class path, which the compiler would drop with each snippet; a new class path makes a new one. */
    @Override
    public void flush() {}

    @Override
    public boolean isSameFile(FileObject a, FileObject b) {
        return fileManager.isSameFile(a, b);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjectsFromFiles(Iterable<? extends File> files) {
        return fileManager.getJavaFileObjectsFromFiles(files);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjectsFromPaths(Collection<? extends Path> paths) {
        return fileManager.getJavaFileObjectsFromPaths(paths);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjects(File... files) {
        return fileManager.getJavaFileObjects(files);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjects(Path... paths) {
        return fileManager.getJavaFileObjects(paths);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjectsFromStrings(Iterable<String> names) {
        return fileManager.getJavaFileObjectsFromStrings(names);
    }

    @Override
    public Iterable<? extends JavaFileObject> getJavaFileObjects(String... names) {
        return fileManager.getJavaFileObjects(names);
    }

    @Override
    public void setLocation(Location location, Iterable<? extends File> files) throws IOException {
        fileManager.setLocation(location, files);
    }

    @Override
    public void setLocationFromPaths(Location location, Collection<? extends Path> paths) throws IOException {
        fileManager.setLocationFromPaths(location, paths);
    }

    @Override
    public void setLocationForModule(Location location, String moduleName, Collection<? extends Path> paths) throws IOException {
        fileManager.setLocationForModule(location, moduleName, paths);
    }

    @Override
    public Iterable<? extends File> getLocation(Location location) {
        return fileManager.getLocation(location);
    }

    @Override
    public Path asPath(FileObject file) {
        return fileManager.asPath(file);
    }

    @Override
    public void setPathFactory(PathFactory f) {
        fileManager.setPathFactory(f);
    }
}
