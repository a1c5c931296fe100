package lemma.ntk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lemma.nn.Module;
import lemma.nn.Sequential;
import lemma.optim.MuP.Role;
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
    public boolean hasWeights() {
        return parts.stream().anyMatch(Network::hasWeights);
    }

    /** The first part with weights meets what this one meets, the last one gives what this one gives, and widths stand between. */
    @Override
    public Network parametrized(Parametrization parametrization, Role role) {
        int first = 0;
        int last = parts.size() - 1;
        while (first < last && !parts.get(first).hasWeights()) first++;
        while (last > first && !parts.get(last).hasWeights()) last--;
        List<Network> all = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Role place = Places.of(i <= first && Places.meetsInputs(role), i >= last && Places.givesOutputs(role));
            all.add(parts.get(i).parametrized(parametrization, place));
        }
        return new Serial(all);
    }

    @Override
    public double sgdFactor(Shape in) {
        double factor = 1;
        Shape shape = in;
        for (Network part : parts) {
            factor *= part.sgdFactor(shape);
            shape = part.out(shape);
        }
        return factor;
    }

    @Override
    public Map<String, Double> adamFactors(Shape in) {
        Map<String, Double> all = new LinkedHashMap<>();
        Shape shape = in;
        for (int i = 0; i < parts.size(); i++) {
            Places.putPart(all, i, parts.get(i).adamFactors(shape));
            shape = parts.get(i).out(shape);
        }
        return all;
    }

    @Override
    public boolean mixesPositions() {
        return parts.stream().anyMatch(Network::mixesPositions);
    }
}
