package io.github.spencerpark.ijava;

/** The kernel under the name by which notebooks and libraries written for IJava ask for it. */
public final class IJava {
    private IJava() {}

    /** The kernel of this process. */
    public static JavaKernel getKernelInstance() {
        return JavaKernel.INSTANCE;
    }
}
