package lemma.nn;

import java.net.URISyntaxException;
import java.nio.file.Path;
import lemma.tensor.DType;
import lemma.tensor.Tensor;

/** Numbers of PyTorch in one file of {@code src/test/resources/lemma/nn}, made by the script of the same theme. */
public record FixtureFile(Params all) {
    public static FixtureFile of(String name) {
        try {
            return new FixtureFile(Safetensors.read(Path.of(FixtureFile.class.getResource("/lemma/nn/" + name).toURI())).params());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public Tensor get(String name) {
        return all.get(name);
    }

    /** The tensors whose names begin with {@code prefix + "/"}, under the rest of their names. */
    public Params under(String prefix) {
        Params out = Params.EMPTY;
        for (String name : all.names()) if (name.startsWith(prefix + "/")) out = out.with(name.substring(prefix.length() + 1), all.get(name));
        return out;
    }

    /** The module of a case with these parameters; its state is the recorded one where there is one, else the first. */
    Model model(String name, Module module, Params params, DType type) {
        Params state = module.state();
        for (var recorded : under(name + "/state").asMap().entrySet()) state = state.with(recorded.getKey(), recorded.getValue());
        return new Model(module, params, state.map(t -> t.to(type)));
    }
}
