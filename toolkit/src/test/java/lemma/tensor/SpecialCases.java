package lemma.tensor;

import java.util.Map;
import java.util.function.UnaryOperator;

/** The functions of special_fixtures.py. */
final class SpecialCases extends TorchCases.Suite {
    SpecialCases() {
        super("special-fixtures.json");
        one("lgamma", Tensor::lgamma);
        one("lgammaNegative", Tensor::lgamma);
        one("digamma", Tensor::digamma);
        one("polygamma", x -> x.polygamma(1));
        one("polygamma3", x -> x.polygamma(3));
        one("multigammaln", x -> Special.multigammaln(x, 3));
        one("gamma", Special::gamma);
        two("betaln", Special::betaln);
        two("beta", Special::beta);
        one("erfc", Tensor::erfc);
        one("erfcx", Special::erfcx);
        one("erfinv", Tensor::erfinv);
        one("ndtr", Special::ndtr);
        one("logNdtr", Special::logNdtr);
        one("ndtri", Special::ndtri);
        one("i0", Special::i0);
        one("i0e", Special::i0e);
        one("i1", Special::i1);
        one("i1e", Special::i1e);
        two("xlogy", Tensor::xlogy);
        two("xlog1py", Special::xlog1py);
        one("logit", Tensor::logit);
        one("logitEps", x -> Special.logit(x, 0.2));
        one("entr", Special::entr);
        one("sinc", Special::sinc);
        one("gammainc", x -> Special.gammainc(orders(x), x));
        one("gammaincc", x -> Special.gammaincc(orders(x), x));
        edges();
    }

    private static Tensor orders(Tensor x) {
        return Tensor.of(new double[] {0.5, 2, 7}).to(x.dtype()).to(x.backend());
    }

    private void edges() {
        two("edge_xlogy", Tensor::xlogy);
        one("edge_i1", Special::i1);
        Map<String, UnaryOperator<Tensor>> plain = Map.ofEntries(Map.entry("lgamma", Tensor::lgamma), Map.entry("digamma", Tensor::digamma), Map.entry("erfc", Special::erfc),
                Map.entry("erfcx", Special::erfcx), Map.entry("erfinv", Special::erfinv), Map.entry("ndtr", Special::ndtr), Map.entry("logNdtr", Special::logNdtr), Map.entry("ndtri", Special::ndtri),
                Map.entry("i0", Special::i0), Map.entry("i0e", Special::i0e), Map.entry("i1", Special::i1), Map.entry("i1e", Special::i1e), Map.entry("entr", Special::entr),
                Map.entry("sinc", Special::sinc), Map.entry("logit", Special::logit), Map.entry("besselJ0", Special::besselJ0), Map.entry("besselJ1", Special::besselJ1));
        plain.forEach((name, f) -> one("value_" + name, f));
        two("value_zeta", Special::zeta);
        two("value_gammainc", Special::gammainc);
        two("value_gammaincc", Special::gammaincc);
    }
}
