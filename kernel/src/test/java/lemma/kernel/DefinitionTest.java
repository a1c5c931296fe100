package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import lemma.kernel.KernelProcess.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Declarations across and within cells, as a user of JShell expects them. */
class DefinitionTest {
    private static KernelProcess kernel;

    @BeforeAll
    static void start() throws Exception {
        kernel = new KernelProcess("-Xmx512m");
    }

    @AfterAll
    static void stop() throws Exception {
        kernel.close();
    }

    private static String result(String code) throws Exception {
        Answer answer = kernel.execute(code);
        assertThat(answer.status()).as(answer.status().equals("ok") ? "" : answer.traceback()).isEqualTo("ok");
        assertThat(answer.stream("stderr")).isEmpty();
        return answer.published("execute_result").isEmpty() ? "" : answer.result();
    }

    @Test
    void methodsOfOneCellMayNeedEachOther() throws Exception {
        assertThat(result("boolean even(int n) { return n == 0 || odd(n - 1); }\nboolean odd(int n) { return n != 0 && even(n - 1); }\neven(11)"))
                .isEqualTo("false");
    }

    @Test
    void classesOfOneCellMayNeedEachOther() throws Exception {
        assertThat(result("class Owner { Dog dog = new Dog(this); }\nclass Dog { Owner owner; Dog(Owner o) { owner = o; } }\n"
                + "Owner o = new Owner();\no.dog.owner == o")).isEqualTo("true");
    }

    @Test
    void sealedTypesAreSwitchedOver() throws Exception {
        assertThat(result("""
                sealed interface Figured permits Circle, Square { }
                record Circle(double r) implements Figured { }
                record Square(double side) implements Figured { }
                double area(Figured shape) {
                    return switch (shape) {
                        case Circle(double r) -> 3 * r * r;
                        case Square(double side) -> side * side;
                    };
                }
                area(new Square(2)) + area(new Circle(1))""")).isEqualTo("7.0");
    }

    @Test
    void genericsNestedTypesAndLambdasThatCapture() throws Exception {
        assertThat(result("""
                class Tree<T extends Comparable<T>> {
                    static class Node<T> { T value; Node<T> left, right; Node(T v) { value = v; } }
                    Node<T> root;
                    void add(T v) { root = add(root, v); }
                    private Node<T> add(Node<T> n, T v) {
                        if (n == null) return new Node<>(v);
                        if (v.compareTo(n.value) < 0) n.left = add(n.left, v); else n.right = add(n.right, v);
                        return n;
                    }
                }
                var tree = new Tree<String>();
                int[] calls = {0};
                Consumer<String> adder = s -> { tree.add(s); calls[0]++; };
                Stream.of("m", "c", "x").forEach(adder);
                tree.root.left.value + calls[0] + new Tree.Node<>(5).value""")).isEqualTo("c35");
        assertThat(result("<T extends Comparable<T>> T largest(List<T> items) { return Collections.max(items); }\nlargest(List.of(3, 9, 4))")).isEqualTo("9");
    }

    @Test
    void textBlocksImportsAndEnums() throws Exception {
        assertThat(result("import java.util.concurrent.atomic.*;\nimport static java.lang.Math.max;\nAtomicInteger n = new AtomicInteger(max(2, 7));\n"
                + "String text = \"\"\"\n    n is\n      %d\n    \"\"\".formatted(n.get());\ntext")).isEqualTo("n is\n  7\n");
        assertThat(result("enum Op implements IntBinaryOperator {\n    ADD { public int applyAsInt(int a, int b) { return a + b; } };\n}\nOp.ADD.applyAsInt(2, 3)"))
                .isEqualTo("5");
    }

    @Test
    void aSealedTypeMayBeNamedLikeAnImportedClass() throws Exception {
        assertThat(result("import lemma.tensor.*;\nsealed interface Shape permits Disc, Tile { double area(); }\nrecord Disc(double r) implements Shape { public double area() "
                + "{ return 3 * r * r; } }\nrecord Tile(double s) implements Shape { public double area() { return s * s; } }\n"
                + "String name(Shape s) { return switch (s) { case Disc c -> \"circle\"; case Tile q -> \"square\"; }; }\n"
                + "name(new Tile(2)) + new Tile(2).area() + Shape.class.isSealed()")).isEqualTo("square4.0true");
        assertThat(kernel.execute("sealed interface Tensor permits Leaf { }").stream("stderr")).contains("Tensor is not sealed before this is defined: Leaf");
        assertThat(result("record Leaf() implements Tensor { }\nTensor.class.isSealed() + \" \" + new Leaf()")).isEqualTo("true Leaf[]");
    }

    @Test
    void aRedefinitionReachesWhatUsesIt() throws Exception {
        assertThat(result("int step() { return 1; }\nint twice() { return 2 * step(); }\ntwice()")).isEqualTo("2");
        assertThat(result("int step() { return 10; }\ntwice()")).isEqualTo("20");
        assertThat(result("record Point(int x) { }\nnew Point(1)")).isEqualTo("Point[x=1]");
        assertThat(result("record Point(int x, int y) { }\nnew Point(1, 2)")).isEqualTo("Point[x=1, y=2]");
        assertThat(result("var changing = 1;")).isEmpty();
        assertThat(result("var changing = \"text\";\nchanging.length()")).isEqualTo("4");
    }

    @Test
    void anOverloadDoesNotBringBackWhatWasRedefined() throws Exception {
        String general = "<T> double[] each(List<T> of, ToDoubleFunction<T> f) { return of.stream().mapToDouble(f).toArray(); }";
        assertThat(result(general)).isEmpty();
        assertThat(result("double[] each(List<Integer> of) {\n    return each(of, x -> 1.0);\n}\neach(List.of(1))")).isEqualTo("[1.0]");
        assertThat(result("double[] each(List<Integer> of) { return new double[] {5}; }\neach(List.of(1))")).isEqualTo("[5.0]");
        assertThat(result("each(List.of(1), x -> 2.0)")).isEqualTo("[2.0]");
        assertThat(result("double[] each(Set<Integer> of) { return each(List.copyOf(of), x -> 3.0); }\neach(Set.of(1))")).isEqualTo("[3.0]");
        assertThat(result(general + "\neach(List.of(1), x -> 2.0)")).isEqualTo("[2.0]");
        assertThat(result("double[] each(Set<Integer> of) { return new double[] {7}; }\neach(Set.of(1))")).isEqualTo("[7.0]");
        assertThat(result("each(List.of(1))")).isEqualTo("[5.0]");
    }

    @Test
    void anOverloadThatWasDeclaredAgainFailsInTheCellThatTheUserWroteItIn() throws Exception {
        KernelProcess.Answer first = kernel.execute("int half(int n) {\n    return 1 / (n - n);\n}");
        int cell = first.reply().content().get("execution_count").getAsInt();
        result("int half(String text) { return half(text.length()); }");
        result("int half(String text) { return 0; }");
        assertThat(kernel.execute("half(3)").traceback()).contains("cell [" + cell + "], line 2");
    }

    @Test
    void staticFieldsOfAClassStayWhileItIsTheLatest() throws Exception {
        result("class Counter { static List<Integer> seen = new ArrayList<>(); static int next() { seen.add(1); return seen.size(); } }");
        result("Counter.next()");
        assertThat(result("Counter.next()")).isEqualTo("2");
    }

    @Test
    void anImportOfTheUserGoesBeforeThoseOfTheSession() throws Exception {
        assertThat(kernel.execute("import tech.tablesaw.plotly.components.*;\nFigure.class.getName()").result()).isEqualTo("tech.tablesaw.plotly.components.Figure");
        assertThat(kernel.execute("String nameOf(Layout layout, Axis axis) { return layout.getClass().getName(); }").status()).isEqualTo("ok");
    }

    @Test
    void whatTwoImportsOfTheUserBringInStaysAmbiguous() throws Exception {
        assertThat(kernel.execute("import javax.swing.text.*;\nimport org.w3c.dom.*;\nDocument.class").traceback())
                .contains("reference to Document is ambiguous");
    }
}
