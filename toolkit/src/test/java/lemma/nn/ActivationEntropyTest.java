package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;
import lemma.autodiff.Autodiff;
import lemma.tensor.DType;
import lemma.tensor.Functional;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ActivationEntropyTest {
    private static final ActivationEntropy GAUSSIAN = ActivationEntropy.gaussian();
    private static final UnaryOperator<Tensor> PHI = x -> x.div(Math.sqrt(2)).erf().add(1).mul(0.5);
    private static final UnaryOperator<Tensor> BUMP = x -> x.square().mul(-0.5).exp().mul(x);
    private static final Map<String, UnaryOperator<Tensor>> MAPS = Map.of(
            "phi", PHI, "sigmoid", Tensor::sigmoid, "sigmoid1.702", x -> x.mul(1.702).sigmoid(), "sigmoid2", x -> x.mul(2).sigmoid(), "sigmoid4", x -> x.mul(4).sigmoid(),
            "atan", x -> x.atan().div(Math.PI), "softsign", x -> Functional.softsign(x).div(2), "twice", x -> x.mul(2));

    private static JsonObject scipy() throws IOException {
        try (Reader in = new InputStreamReader(ActivationEntropyTest.class.getResourceAsStream("/lemma/nn/activation-entropy.json"), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        }
    }

    @Test
    void entropiesAndTheirChangesAreThoseOfAdaptiveQuadrature() throws IOException {
        JsonObject values = scipy().getAsJsonObject("values");
        for (String name : values.keySet()) {
            JsonObject expected = values.getAsJsonObject(name);
            double tolerance = name.equals("softsign") ? 1e-5 : 1e-10; // its slope has a kink
            assertThat(GAUSSIAN.of(MAPS.get(name)).item()).as(name).isCloseTo(expected.get("entropy").getAsDouble(), within(tolerance));
            if (expected.has("change")) assertThat(GAUSSIAN.change(MAPS.get(name), BUMP)).as(name).isCloseTo(expected.get("change").getAsDouble(), within(1e-7));
        }
    }

    @Test
    void thePositiveSideHasHalfTheMass() throws IOException {
        JsonObject expected = scipy().getAsJsonObject("positive");
        ActivationEntropy positive = ActivationEntropy.positiveGaussian();
        assertThat(positive.of(x -> x).item()).isCloseTo(expected.get("entropy").getAsDouble(), within(1e-12));
        assertThat(positive.change(x -> x, BUMP)).isCloseTo(expected.get("change").getAsDouble(), within(1e-7)).isCloseTo(1 / Math.sqrt(8), within(1e-10));
    }

    @Test
    void theChangeIsTheDerivativeOfTheEntropy() {
        for (String name : new String[] {"sigmoid", "sigmoid2", "atan", "twice"}) {
            UnaryOperator<Tensor> f = MAPS.get(name);
            Tensor slope = Autodiff.grad(t -> GAUSSIAN.of(x -> f.apply(x).add(BUMP.apply(x).mul(t))), Tensor.scalar(0, DType.FLOAT64));
            assertThat(GAUSSIAN.change(f, BUMP)).as(name).isCloseTo(slope.item(), within(1e-9));
        }
    }

    @Test
    void mapsThatDoNotIncreaseAreRefused() {
        assertThatThrownBy(() -> GAUSSIAN.of(Tensor::relu)).hasMessageContaining("smallest slope of f is 0");
        assertThatThrownBy(() -> GAUSSIAN.of(Tensor::neg)).hasMessageContaining("-1.0");
    }
}
