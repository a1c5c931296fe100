package lemma.kernel;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Javadoc of classes on a class path, read from the sources of their jar: {@code x-sources.jar} beside {@code x.jar}, as a Maven
 * repository has it, or in a folder {@code sources} beside the jar's folder.
 */
final class SourceJavadoc {
    private static final Pattern QUALIFIED = Pattern.compile("((?:[a-z_][\\w]*\\.)+)([A-Z]\\w*(?:\\.[A-Z]\\w*)*)(?:<[^()]*>)?(?:\\.(\\w+))?(?:\\(([^)]*)\\))?");

    /**
     * What a signature names.
     *
     * @param file of the source, within its jar
     * @param types from the outermost to the innermost
     * @param member a method or field, null for the type itself
     * @param parameters how many the method has, -1 when it is none
     */
    private record Target(String file, List<String> types, String member, int parameters) {}

    private final String classPath;

    SourceJavadoc(String classPath) {
        this.classPath = classPath;
    }

    /** The comment of the type or member that JShell's {@code signature} names, or null. */
    String of(String signature) {
        Target target = target(signature);
        if (target == null) return null;
        try {
            String source = source(target.file);
            return source == null ? null : comment(source, target);
        } catch (IOException e) {
            Log.warn("sources of " + signature, e);
            return null;
        }
    }

    private static Target target(String signature) {
        Matcher matcher = QUALIFIED.matcher(signature);
        Target best = null;
        while (matcher.find()) { // the return type stands before the member, so the last with a member or arguments counts
            List<String> types = Arrays.asList(matcher.group(2).split("\\."));
            String file = matcher.group(1).replace('.', '/') + types.getFirst() + ".java";
            int parameters = matcher.group(4) == null ? -1 : matcher.group(4).isBlank() ? 0 : commas(matcher.group(4)) + 1;
            String member = matcher.group(3) == null && parameters >= 0 ? "<init>" : matcher.group(3);
            if (best == null || member != null) best = new Target(file, types, member, parameters);
            if (parameters >= 0) break;
        }
        return best;
    }

    private static int commas(String arguments) {
        int depth = 0;
        int commas = 0;
        for (char c : arguments.toCharArray()) {
            if (c == '<') depth++;
            if (c == '>') depth--;
            if (c == ',' && depth == 0) commas++;
        }
        return commas;
    }

    private String source(String file) throws IOException {
        for (String entry : classPath.split(File.pathSeparator)) {
            if (!entry.endsWith(".jar")) continue;
            Path jar = Path.of(entry).toAbsolutePath();
            String name = jar.getFileName().toString().replaceFirst("\\.jar$", "-sources.jar");
            for (Path sources : List.of(jar.resolveSibling(name), jar.getParent().resolveSibling("sources").resolve(name))) {
                String text = Files.isRegularFile(sources) ? read(sources, file) : null;
                if (text != null) return text;
            }
        }
        return null;
    }

    private static String read(Path jar, String file) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.getEntry(file);
            if (entry == null) return null;
            try (InputStream in = zip.getInputStream(entry)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    private static String comment(String source, Target target) throws IOException {
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///Source.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, null, diagnostic -> { }, List.of("-proc:none"), null, List.of(file));
        CompilationUnitTree unit = task.parse().iterator().next();
        Finder finder = new Finder(DocTrees.instance(task), target);
        finder.scan(unit, null);
        return finder.comment;
    }

    /** Looks for the target among the declarations of a file. */
    private static final class Finder extends TreePathScanner<Void, Void> {
        private final DocTrees trees;
        private final Target target;
        private String comment;

        Finder(DocTrees trees, Target target) {
            this.trees = trees;
            this.target = target;
        }

        @Override
        public Void visitClass(ClassTree type, Void unused) {
            if (target.member == null && isTarget(getCurrentPath())) take();
            return super.visitClass(type, unused);
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            boolean named = method.getName().contentEquals(target.member == null ? "" : target.member);
            if (named && method.getParameters().size() == target.parameters && isTarget(getCurrentPath().getParentPath())) take();
            return null;
        }

        @Override
        public Void visitVariable(VariableTree field, Void unused) {
            if (target.parameters < 0 && field.getName().contentEquals(target.member == null ? "" : target.member)
                    && isTarget(getCurrentPath().getParentPath())) take();
            return null;
        }

        private boolean isTarget(TreePath path) {
            TreePath at = path;
            for (int i = target.types.size() - 1; i >= 0; i--) {
                if (at == null || !(at.getLeaf() instanceof ClassTree type) || !type.getSimpleName().contentEquals(target.types.get(i))) return false;
                at = at.getParentPath();
            }
            return at != null && at.getLeaf().getKind() == Tree.Kind.COMPILATION_UNIT;
        }

        private void take() {
            DocCommentTree tree = trees.getDocCommentTree(getCurrentPath());
            if (tree != null && comment == null) comment = tree.toString();
        }
    }
}
