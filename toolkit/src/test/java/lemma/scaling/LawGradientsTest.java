package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every law's gradient is the derivative of its prediction. */
class LawGradientsTest {
    record Point(Law law, double[] values, double[] inputs) {
        @Override
        public String toString() {
            return law.name();
        }
    }

    static Stream<Point> points() {
        return Stream.of(
                new Point(new PowerLaw(), new double[] {3, -0.4}, new double[] {500}),
                new Point(new PowerLawPlusConstant(), new double[] {3, -0.4, 0.2}, new double[] {500}),
                new Point(new Chinchilla(), new double[] {400, 1800, 1.7, 0.34, 0.36}, new double[] {1e8, 1e10}),
                new Point(LrAnnealingLaw.of(0.99), new double[] {2, 1.5, 0.4, 0.3}, new double[] {7, 0.8}),
                new Point(LrAnnealingLaw.of(0.99), new double[] {2, 1.5, 0.4, 0.3}, new double[] {7, -0.8}),
                new Point(ProductPowerLaw.of("eta", "N", "D"), new double[] {1.8, -0.7, 0.3}, new double[] {1e6, 1e9}),
                new Point(own(), new double[] {2, 0.7, 0.3}, new double[] {1.5}));
    }

    static Law own() {
        return Law.of("saturating", "y = c - a exp(-b x)", List.of("x"),
                List.of(Parameter.positive("c").startingIn(0.1, 10), Parameter.positive("a").startingIn(0.1, 10), Parameter.between("b", 0, 2)),
                (p, x) -> p[0].subtract(p[1].multiply(p[2].multiply(-x[0]).exp())));
    }

    @ParameterizedTest
    @MethodSource("points")
    void gradientIsTheDerivativeOfTheLogPrediction(Point point) {
        Law law = point.law;
        double[] features = law.features(point.inputs);
        double[] x = new double[point.values.length];
        for (int j = 0; j < x.length; j++) x[j] = law.parameters().get(j).coordinate(point.values[j]);
        double[] gradient = new double[x.length];
        law.logPrediction(x, features, gradient);
        for (int j = 0; j < x.length; j++) {
            double h = 1e-5;
            double slope = 0;
            double[] weights = {-1.0 / 12, 2.0 / 3, -2.0 / 3, 1.0 / 12}; // fourth order
            double[] at = {2, 1, -1, -2};
            for (int k = 0; k < 4; k++) {
                double[] moved = x.clone();
                moved[j] += at[k] * h;
                slope += weights[k] * law.logPrediction(moved, features, new double[x.length]) / h;
            }
            assertThat(gradient[j]).as(law.parameters().get(j).name()).isCloseTo(slope, within(1e-8 * (1 + Math.abs(slope))));
        }
    }

    @ParameterizedTest
    @MethodSource("points")
    void termsAndFactorsMakeThePrediction(Point point) {
        if (!(point.law instanceof SeparableLaw law)) return;
        double[] x = new double[point.values.length];
        for (int j = 0; j < x.length; j++) x[j] = law.parameters().get(j).coordinate(point.values[j]);
        double[] terms = new double[law.factors().length];
        law.terms(x, law.features(point.inputs), terms);
        double sum = 0;
        for (int k = 0; k < terms.length; k++) sum += point.values[law.factors()[k]] * terms[k];
        assertThat(sum).isCloseTo(law.predict(point.values, point.inputs), within(1e-12 * sum));
    }
}
