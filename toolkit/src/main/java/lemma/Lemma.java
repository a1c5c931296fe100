package lemma;

import lemma.tensor.Threads;

/** Settings of the toolkit as a whole. */
public final class Lemma {
    private Lemma() {}

    /** How many threads a kernel uses: the system property {@code lemma.threads}, else the number of processors, until set otherwise. */
    public static int threads() {
        return Threads.count();
    }

    /**
     * Sets how many threads kernels use from now on, matrix products, decompositions and convolutions included: OpenBLAS itself always
     * runs on the thread that calls it. Element-wise functions, sums and random numbers keep their bits for any number; matrix products
     * keep them for the same number.
     *
     * @throws IllegalArgumentException if {@code n} is not 1 to 256
     */
    public static void threads(int n) {
        Threads.set(n);
    }
}
