package lemma.tensor;

import java.util.List;
import java.util.Map;
import lemma.tensor.Functional.Bag;

/** The functions of functional_fixtures.py. */
final class FunctionalCases extends TorchCases.Suite {
    FunctionalCases() {
        super("functional-fixtures.json");
        one("hardtanh", x -> Functional.hardtanh(x, -1, 1));
        one("relu6", Functional::relu6);
        one("leakyRelu", x -> Functional.leakyRelu(x, 0.1));
        one("elu", x -> Functional.elu(x, 0.7));
        one("selu", Functional::selu);
        one("celu", x -> Functional.celu(x, 2));
        one("softplusBeta", x -> Functional.softplus(x, 2, 5));
        one("mish", Functional::mish);
        one("hardswish", Functional::hardswish);
        one("hardsigmoid", Functional::hardsigmoid);
        one("softsign", Functional::softsign);
        one("logSigmoid", Functional::logSigmoid);
        one("tanhshrink", Functional::tanhshrink);
        one("softshrink", x -> Functional.softshrink(x, 0.5));
        one("hardshrink", x -> Functional.hardshrink(x, 0.5));
        one("threshold", x -> Functional.threshold(x, 0.5, -1.5));
        two("prelu", Functional::prelu);
        two("preluOne", Functional::prelu);
        one("glu", x -> Functional.glu(x, -1));
        one("glu0", x -> Functional.glu(x, 0));
        one("normalize", x -> Functional.normalize(x, 2, 1, 1e-12));
        one("normalize0", x -> Functional.normalize(x, 1, 0, 1e-12));
        two("cosineSimilarity", (a, b) -> Functional.cosineSimilarity(a, b, 1, 1e-8));
        two("pairwiseDistance", (a, b) -> Functional.pairwiseDistance(a, b, 2, 1e-6));
        two("pairwiseDistance1", (a, b) -> Functional.pairwiseDistance(a, b, 1, 1e-6));
        two("cdist", (a, b) -> Functional.cdist(a, b, 2));
        two("cdistProducts", Functional::cdist);
        two("cdist1", (a, b) -> Functional.cdist(a, b, 1));
        many("bilinear", x -> Functional.bilinear(x[0], x[1], x[2], x[3]));
        Map.of("Sum", Bag.SUM, "Mean", Bag.MEAN, "Max", Bag.MAX).forEach((name, mode) -> {
            two("embeddingBag" + name, (i, t) -> Functional.embeddingBag(i, t, mode));
            many("embeddingBagOffsets" + name, x -> Functional.embeddingBag(x[0], x[1], x[2], mode));
        });
        for (String name : List.of("relu6", "leakyRelu", "elu", "selu", "celu", "hardsigmoid", "logSigmoid", "hardshrink", "threshold", "softplusBeta", "hardtanh", "normalize", "cosineSimilarity")) {
            many("edge_" + name, op(name));
        }
        for (String name : List.of("mish", "hardswish", "softsign", "softshrink")) many("value_" + name, op(name));
        one("value_causalMask", x -> Functional.causalMask(4).to(x.dtype()).to(x.backend()).add(x));
    }
}
