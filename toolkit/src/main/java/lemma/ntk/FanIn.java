package lemma.ntk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lemma.nn.Bound;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.optim.MuP.Role;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/** Several networks on one input, whose outputs are added or put side by side; {@link Stax#fanInSum}, {@link Stax#fanInConcat}. */
record FanIn(boolean adds, List<Network> branches) implements Network {
    FanIn {
        branches = List.copyOf(branches);
        if (branches.isEmpty()) throw new IllegalArgumentException("Stax.fanIn: no branches");
    }

    private String name() {
        return adds ? "Stax.fanInSum" : "Stax.fanInConcat";
    }

    @Override
    public Module module(Shape in) {
        out(in);
        return new Finite(adds, branches.stream().map(b -> b.module(in)).toList());
    }

    @Override
    public Shape out(Shape in) {
        Shape first = branches.getFirst().out(in);
        int channels = 0;
        for (Network b : branches) {
            Shape s = b.out(in);
            boolean fits = adds ? s.equals(first) : s.rank() == first.rank() && s.with(0, 1).equals(first.with(0, 1));
            if (!fits) throw new IllegalArgumentException(name() + ": a branch gives " + s + ", the first " + first + "; expected " + (adds ? "equal shapes" : "shapes that are equal but for the channels"));
            channels += s.dim(0);
        }
        return adds ? first : first.with(0, channels);
    }

    /** Of a sum the sum of the kernels, of channels side by side their mean: units of different branches are independent. */
    @Override
    public Covariance covariance(Covariance k) {
        Shape out = out(k.shape());
        Covariance all = null;
        int plain = 0;
        for (Network b : branches) {
            Covariance next = b.covariance(k);
            if (next.affineMaps() == k.affineMaps()) plain++;
            if (adds && !next.isGaussian() && next.affineMaps() > k.affineMaps()) {
                throw new IllegalArgumentException(name() + ": a branch ends in a nonlinearity, whose mean need not be zero; end it with a dense or conv layer");
            }
            Covariance part = adds ? next : next.scaled(next.shape().dim(0) / (double) out.dim(0));
            if (all == null) all = part;
            else all = adds ? all.plus(part) : all.beside(part, out);
        }
        if (adds && plain > 1) throw new IllegalArgumentException(name() + ": " + plain + " branches have no weights of their own, so that their outputs depend on each other; give all but one of them a dense or conv layer");
        return all;
    }

    @Override
    public boolean hasWeights() {
        return branches.stream().anyMatch(Network::hasWeights);
    }

    @Override
    public Network parametrized(Parametrization parametrization, Role role) {
        if (parametrization.dependsOnPlace() && Places.givesOutputs(role) && hasWeights()) checkOutputs(parametrization);
        return new FanIn(adds, branches.stream().map(b -> b.parametrized(parametrization, role)).toList());
    }

    /** Outputs come from layers of weights, all at one rate. */
    private void checkOutputs(Parametrization parametrization) {
        boolean one = parametrization == Parametrization.MEAN_FIELD;
        long learning = branches.stream().filter(Network::hasWeights).count();
        if (learning == branches.size() && !(one && learning > 1)) return;
        throw new IllegalArgumentException(name() + ": " + learning + " of " + branches.size() + " branches that give the outputs have weights; " + parametrization
                + (one ? " needs one output layer" : " needs an output layer in each") + ", so end the network with a dense or conv layer behind the branches");
    }

    @Override
    public double sgdFactor(Shape in) {
        return branches.stream().mapToDouble(b -> b.sgdFactor(in)).reduce(1, (a, b) -> a * b);
    }

    @Override
    public Map<String, Double> adamFactors(Shape in) {
        Map<String, Double> all = new LinkedHashMap<>();
        for (int i = 0; i < branches.size(); i++) Places.putPart(all, i, branches.get(i).adamFactors(in));
        return all;
    }

    @Override
    public boolean mixesPositions() {
        return branches.stream().anyMatch(Network::mixesPositions);
    }

    /** Parameters are named by the number of the branch. */
    private record Finite(boolean adds, List<Module> branches) implements Module {
        @Override
        public Params params(Random random) {
            Params all = Params.EMPTY;
            for (int i = 0; i < branches.size(); i++) all = all.withChild(Integer.toString(i), branches.get(i).params(random));
            return all;
        }

        @Override
        public Tensor forward(Tensor x, Bound at) {
            List<Tensor> outputs = new ArrayList<>();
            for (int i = 0; i < branches.size(); i++) outputs.add(branches.get(i).forward(x, at.child(Integer.toString(i))));
            return adds ? outputs.stream().reduce(Tensor::add).orElseThrow() : Tensor.concat(outputs, 1);
        }
    }
}
