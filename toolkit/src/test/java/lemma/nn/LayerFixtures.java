package lemma.nn;

import java.net.URISyntaxException;
import java.nio.file.Path;
import lemma.tensor.Tensor;

/** Numbers of PyTorch, made by src/test/python/layer_fixtures.py. */
public final class LayerFixtures {
    private static final Params ALL = read();

    private LayerFixtures() {}

    private static Params read() {
        try {
            return Safetensors.read(Path.of(LayerFixtures.class.getResource("/lemma/nn/layers.safetensors").toURI())).params();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Tensor get(String name) {
        return ALL.get(name);
    }

    public static boolean has(String name) {
        return ALL.has(name);
    }

    /** The tensors whose names begin with {@code prefix + "/"}, under the rest of their names. */
    static Params under(String prefix) {
        Params out = Params.EMPTY;
        for (String name : ALL.names()) if (name.startsWith(prefix + "/")) out = out.with(name.substring(prefix.length() + 1), ALL.get(name));
        return out;
    }
}
