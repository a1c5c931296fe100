package lemma.train;

import java.util.List;
import lemma.nn.Model;
import lemma.tensor.Tensor;

/**
 * Models trained from different starts, whose probabilities are averaged.
 *
 * @see <a href="https://arxiv.org/abs/1612.01474">Lakshminarayanan, Pritzel, Blundell (2017), Simple and scalable predictive uncertainty estimation using deep ensembles</a>
 */
public record DeepEnsemble(List<Model> members) {
    public DeepEnsemble {
        members = List.copyOf(members);
        if (members.isEmpty()) throw new IllegalArgumentException("DeepEnsemble: no members");
    }

    /** The mean of the members' softmax, (n, classes); for one logit an input, of their sigmoid, (n, 1). */
    public Tensor probabilities(Tensor x) {
        Tensor sum = null;
        for (Model m : members) {
            Tensor logits = m.apply(x);
            Tensor p = logits.dim(-1) == 1 ? logits.sigmoid() : logits.softmax(-1);
            sum = sum == null ? p : sum.add(p);
        }
        return sum.div(members.size());
    }
}
