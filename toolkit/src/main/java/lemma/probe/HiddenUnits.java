package lemma.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import lemma.nn.Conv2d;
import lemma.nn.Linear;
import lemma.nn.Model;
import lemma.nn.Module;
import lemma.nn.Params;
import lemma.nn.Sequential;
import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * The units of a hidden layer as its weights hold them: unit i reads the input by row i of {@code incoming} and {@code bias}, and the next layer reads
 * the unit by column i of {@code outgoing}, {@code y = outgoing phi(incoming x + bias)} with phi unit by unit. Units can be split, rescaled, merged and left
 * out, and the result put back into the model.
 *
 * @param incoming (d, ...), a row a unit: {@code (d, in)} or {@code (d, in, kernel, kernel)}
 * @param bias (d)
 * @param outgoing (out, d, ...)
 */
public record HiddenUnits(Tensor incoming, Tensor bias, Tensor outgoing) {
    public HiddenUnits {
        if (incoming.rank() < 2 || outgoing.rank() < 2 || bias.rank() != 1 || bias.dim(0) != incoming.dim(0) || outgoing.dim(1) != incoming.dim(0)) {
            throw new IllegalArgumentException("HiddenUnits: incoming " + incoming.shape() + ", bias " + bias.shape() + ", outgoing " + outgoing.shape() + "; expected (d, ...), (d) and (out, d, ...)");
        }
    }

    /**
     * The units between two layers of a model.
     *
     * @param model of a {@link Sequential}; between the layers may stand activations and whatever else treats each unit alone and has no parameters (see
     *     {@link lemma.nn.BatchNormFolding})
     * @param layer number of a {@link Linear} or {@link Conv2d} in it
     * @param next number of the next one
     */
    public static HiddenUnits of(Model model, int layer, int next) {
        List<Module> modules = modules(model, layer, next);
        Params p = model.params();
        Tensor incoming = p.get(layer + ".weight");
        Tensor bias = p.has(layer + ".bias") ? p.get(layer + ".bias") : Tensor.zeros(incoming.dim(0)).to(incoming.dtype());
        if (resized(modules.get(layer), true, 1) == null || resized(modules.get(next), false, 1) == null) {
            throw new IllegalArgumentException("HiddenUnits: layers " + layer + " and " + next + " are " + modules.get(layer) + " and " + modules.get(next) + ", expected Linear or Conv2d without groups");
        }
        return new HiddenUnits(incoming, bias, p.get(next + ".weight"));
    }

    private static List<Module> modules(Model model, int layer, int next) {
        if (!(model.module() instanceof Sequential(List<Module> modules))) throw new IllegalArgumentException("HiddenUnits: the module is " + model.module() + ", expected a Sequential");
        if (layer < 0 || next <= layer || next >= modules.size()) throw new IllegalArgumentException("HiddenUnits: layers " + layer + " and " + next + " of " + modules.size());
        for (int i = layer + 1; i < next; i++) {
            String prefix = i + ".";
            if (model.params().names().stream().anyMatch(name -> name.startsWith(prefix))) {
                throw new IllegalArgumentException("HiddenUnits: " + modules.get(i) + " stands between layers " + layer + " and " + next + " and has parameters; fold a batch normalisation first (BatchNormFolding), or name neighbours");
            }
        }
        return modules;
    }

    private static Module resized(Module module, boolean out, int d) {
        return switch (module) {
            case Linear l -> out ? new Linear(l.in(), d, l.bias()) : new Linear(d, l.out(), l.bias());
            case Conv2d c when c.groups() == 1 -> out ? new Conv2d(c.in(), d, c.kernel(), c.stride(), c.padding(), c.dilation(), 1, c.bias(), c.paddingMode())
                    : new Conv2d(d, c.out(), c.kernel(), c.stride(), c.padding(), c.dilation(), 1, c.bias(), c.paddingMode());
            default -> null;
        };
    }

    /** The model with these units in the place of those between the two layers. */
    public Model placedIn(Model model, int layer, int next) {
        List<Module> modules = new ArrayList<>(modules(model, layer, next));
        modules.set(layer, resized(modules.get(layer), true, count()));
        modules.set(next, resized(modules.get(next), false, count()));
        Params p = model.params().with(layer + ".weight", incoming).with(next + ".weight", outgoing);
        return new Model(new Sequential(modules), p.has(layer + ".bias") ? p.with(layer + ".bias", bias) : p, model.state());
    }

    /** d. */
    public int count() {
        return bias.dim(0);
    }

    /** Incoming weights and bias of each unit, one row a unit. */
    public Tensor rows() {
        return Tensor.concat(List.of(incoming.flatten(1), bias.unsqueeze(1)), 1);
    }

    /** Outgoing weights of each unit, one row a unit. */
    public Tensor columns() {
        return outgoing.transpose(0, 1).flatten(1);
    }

    /** The units with these numbers, in this order: the same function if all are there, a pruned one if not. */
    public HiddenUnits kept(int... units) {
        Tensor index = Tensor.of(units).to(DType.INT64);
        return new HiddenUnits(incoming.indexSelect(0, index), bias.indexSelect(0, index), outgoing.indexSelect(1, index));
    }

    /** The k units with the largest of these scores, in their order. */
    public HiddenUnits largest(Tensor scores, int k) {
        if (scores.rank() != 1 || scores.dim(0) != count() || k < 1 || k > count()) throw new IllegalArgumentException("HiddenUnits.largest: " + k + " of " + count() + " units by scores " + scores.shape());
        int[] order = scores.argsort(0, true).toInts();
        return kept(Arrays.stream(order).limit(k).sorted().toArray());
    }

    /** Incoming weights and bias times a factor above 0, outgoing weights divided by it: the same function where phi(c z) = c phi(z), as for ReLU. */
    public HiddenUnits rescaled(Tensor factors) {
        if (factors.rank() != 1 || factors.dim(0) != count() || !(factors.min().item() > 0)) throw new IllegalArgumentException("HiddenUnits.rescaled: factors are " + factors.shape() + (factors.rank() == 1 ? ", the least is " + factors.min().item() : "") + "; expected " + count() + " numbers above 0");
        return new HiddenUnits(incoming.mul(along(factors, 0, incoming)), bias.mul(factors), outgoing.div(along(factors, 1, outgoing)));
    }

    /** {@link #rescaled} so that {@link #rows} have length 1; a unit that reads nothing stays. */
    public HiddenUnits unitRows() {
        Tensor length = rows().norm(1);
        return rescaled(length.add(length.eq(0).to(length.dtype())).reciprocal());
    }

    private static Tensor along(Tensor factors, int axis, Tensor of) {
        int[] shape = new int[of.rank()];
        Arrays.fill(shape, 1);
        shape[axis] = factors.dim(0);
        return factors.reshape(shape);
    }

    /**
     * Copies of units, which share the outgoing weights of their unit in random parts, so that the function stays.
     *
     * @param copies how many of each unit, at least 1
     * @see <a href="https://arxiv.org/abs/1511.05641">Chen, Goodfellow, Shlens (2016), Net2Net: Accelerating Learning via Knowledge Transfer, section 2.2</a>
     */
    public HiddenUnits split(int[] copies, Random random) {
        if (copies.length != count() || Arrays.stream(copies).anyMatch(c -> c < 1)) throw new IllegalArgumentException("HiddenUnits.split: copies are " + Arrays.toString(copies) + ", expected " + count() + " numbers of at least 1");
        int[] unit = IntStream.range(0, copies.length).flatMap(i -> IntStream.generate(() -> i).limit(copies[i])).toArray();
        Tensor member = Tensor.of(unit).oneHot(count()).to(bias.dtype());
        Tensor share = random.uniform(lemma.tensor.Shape.of(unit.length), bias.dtype()).add(0.5);
        Tensor whole = member.matmul(member.t().matmul(share));
        HiddenUnits copied = kept(unit);
        return new HiddenUnits(copied.incoming, copied.bias, copied.outgoing.mul(along(share.div(whole), 1, outgoing)));
    }

    /**
     * One unit a cluster: the mean of the incoming weights and biases of its members, the sum of their outgoing weights. The same function if members are
     * equal.
     *
     * @param clusters cluster of each unit, 0..k-1 without gaps
     */
    public HiddenUnits merged(int[] clusters) {
        Tensor labels = Tensor.of(clusters);
        Features.labels("HiddenUnits.merged", labels, count(), 1);
        int k = Arrays.stream(clusters).max().orElseThrow() + 1;
        Tensor member = labels.oneHot(k).to(bias.dtype()).t();
        Tensor mean = member.div(member.sumKeep(1));
        Tensor columns = member.matmul(columns());
        int[] shape = outgoing.transpose(0, 1).shape().dims();
        shape[0] = k;
        int[] rows = incoming.shape().dims();
        rows[0] = k;
        return new HiddenUnits(mean.matmul(incoming.flatten(1)).reshape(rows), mean.matmul(bias), columns.reshape(shape).transpose(0, 1).contiguous());
    }
}
