package io.github.spencerpark.ijava;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import java.util.List;
import lemma.kernel.Notebook;

/** What notebooks written for IJava ask of its kernel: renderers, the class path and evaluation. */
public final class JavaKernel {
    static final JavaKernel INSTANCE = new JavaKernel();

    private final Renderer renderer = new Renderer();

    private JavaKernel() {}

    public Renderer getRenderer() {
        return renderer;
    }

    /** Makes a jar or a class folder available to compiler and code. */
    public void addToClasspath(String path) {
        Notebook.lineMagic("classpath", List.of(path));
    }

    /** Runs {@code code} as a cell would and returns the value of its last expression. */
    public Object evalRaw(String code) {
        return Notebook.eval(code);
    }
}
