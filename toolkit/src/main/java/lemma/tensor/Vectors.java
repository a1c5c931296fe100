package lemma.tensor;

/** Whether the module jdk.incubator.vector is there; without it every kernel is a plain loop. */
final class Vectors {
    static final boolean AVAILABLE = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    static {
        if (!AVAILABLE) {
            System.getLogger("lemma").log(System.Logger.Level.WARNING,
                    "Running without vector instructions, several times slower: start Java with --add-modules jdk.incubator.vector");
        }
    }

    private Vectors() {}
}
