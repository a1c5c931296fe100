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
                new Point(new ShiftedPowerLaw(), new double[] {3, -0.4, 200, 0.2}, new double[] {500}),
                new Point(BrokenPowerLaw.of(1), new double[] {0.5, 3, 0.2, 0.4, 900, 0.3}, new double[] {500}),
                new Point(BrokenPowerLaw.of(2), new double[] {0.5, 3, -0.1, 0.4, 100, 0.3, 0.2, 4000, 0.6}, new double[] {500}),
                new Point(new KaplanLaw(), new double[] {8.8e13, 5.4e13, 0.076, 0.095}, new double[] {1e8, 1e10}),
                new Point(EncoderDecoderLaw.of(1e6, 2e6), new double[] {2, 0.25, 0.35, 1.5}, new double[] {3e5, 4e6}),
                new Point(new DataConstrainedLaw(1.8, 480, 2100, 0.35, 0.37), new double[] {15, 5}, new double[] {1e10, 1e11, 1e9}),
                new Point(new DataConstrainedLaw(1.8, 480, 2100, 0.35, 0.37), new double[] {15, 5}, new double[] {1e6, 1e8, 1e9}),
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
    void gradientOfTheObjectiveIsTheSumOverObservations(Point point) {
        Law law = point.law;
        double[] features = law.features(point.inputs);
        double[] x = new double[point.values.length];
        for (int j = 0; j < x.length; j++) x[j] = law.parameters().get(j).coordinate(point.values[j]);
        double[] row = new double[x.length];
        double log = law.logPrediction(x, features, row);
        double[] gradient = new double[x.length];
        double[][] three = {features, features, features};
        double value = LogResiduals.of(law, three, new double[] {log - 0.02, log, log + 0.3}, new double[] {2, 1, 1}, 0.1).valueAndGradient(x, gradient);
        assertThat(value).isCloseTo(2 * 0.5 * 0.02 * 0.02 + 0.1 * (0.3 - 0.05), within(1e-12));
        for (int j = 0; j < x.length; j++) assertThat(gradient[j]).isCloseTo((2 * 0.02 - 0.1) * row[j], within(1e-12 * (1 + Math.abs(row[j]))));
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
