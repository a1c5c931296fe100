package lemma.ntk;

import java.util.ArrayList;
import java.util.List;
import lemma.nn.Module;
import lemma.nn.Sequential;
import lemma.tensor.Shape;

/** One after the other; {@link Stax#serial}. */
record Serial(List<Network> parts) implements Network {
    Serial {
        parts = List.copyOf(parts);
    }

    @Override
    public Module module(Shape in) {
        List<Module> modules = new ArrayList<>();
        Shape shape = in;
        for (Network part : parts) {
            modules.add(part.module(shape));
            shape = part.out(shape);
        }
        return new Sequential(modules);
    }

    @Override
    public Shape out(Shape in) {
        Shape shape = in;
        for (Network part : parts) shape = part.out(shape);
        return shape;
    }

    @Override
    public Covariance covariance(Covariance in) {
        Covariance k = in;
        for (Network part : parts) k = part.covariance(k);
        return k;
    }

    @Override
    public boolean mixesPositions() {
        return parts.stream().anyMatch(Network::mixesPositions);
    }
}
