package lemma.scaling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The smoothly broken power law with n breaks, {@code y = a + b x^-c0 prod_i (1 + (x / d_i)^(1 / f_i))^(-c_i f_i)}: on log axes above its
 * floor a chain of n + 1 straight pieces with slopes {@code -c0, -(c0 + c1), ...} that meet at {@code d_i}; {@code f_i} says how smoothly.
 * It can bend either way, so it also fits curves with a double descent or a delayed onset.
 *
 * @param breaks n, at least 1
 * @see <a href="https://arxiv.org/abs/2210.14891">Caballero et al. (2022), Broken Neural Scaling Laws, eq. 1</a>
 */
public record BrokenPowerLaw(int breaks) implements SeparableLaw {
    private static final int SHAPES = 48;

    public BrokenPowerLaw {
        if (breaks < 1) throw new IllegalArgumentException("BrokenPowerLaw: " + breaks + " breaks, expected at least 1; without a break use PowerLawPlusConstant");
    }

    public static BrokenPowerLaw of(int breaks) {
        return new BrokenPowerLaw(breaks);
    }

    @Override
    public String name() {
        return "broken power law, " + breaks + (breaks == 1 ? " break" : " breaks");
    }

    @Override
    public String formula() {
        return "y = a + b x^-c0 " + IntStream.rangeClosed(1, breaks).mapToObj(i -> "(1 + (x/d%d)^(1/f%d))^(-c%d f%d)".formatted(i, i, i, i)).collect(Collectors.joining(" "));
    }

    @Override
    public List<String> inputs() {
        return List.of("x");
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>(List.of(Parameter.positive("a"), Parameter.positive("b"), free("c0")));
        for (int i = 1; i <= breaks; i++) {
            parameters.add(free("c" + i));
            parameters.add(Parameter.positive("d" + i));
            parameters.add(Parameter.positive("f" + i).startingIn(0.05, 1));
        }
        return parameters;
    }

    private static Parameter free(String name) {
        return Parameter.between(name, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    @Override
    public int distinctValuesNeeded() {
        return 3 + 3 * breaks;
    }

    @Override
    public double logPrediction(double[] coordinates, double[] features, double[] gradient) {
        double x = features[0];
        double power = coordinates[1] - coordinates[2] * x;
        gradient[2] = -x;
        for (int i = 3; i < coordinates.length; i += 3) {
            double f = Math.exp(coordinates[i + 2]);
            double z = (x - coordinates[i + 1]) / f;
            double bend = softplus(z);
            double past = 1 / (1 + Math.exp(-z));
            power -= coordinates[i] * f * bend;
            gradient[i] = -f * bend;
            gradient[i + 1] = coordinates[i] * past;
            gradient[i + 2] = -coordinates[i] * f * (bend - z * past);
        }
        double top = Math.max(power, coordinates[0]);
        double sum = Math.exp(power - top) + Math.exp(coordinates[0] - top);
        double share = Math.exp(power - top) / sum;
        gradient[0] = 1 - share;
        gradient[1] = share;
        for (int j = 2; j < gradient.length; j++) gradient[j] *= share;
        return top + Math.log(sum);
    }

    private static double softplus(double z) {
        return z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
    }

    @Override
    public int[] factors() {
        return new int[] {0, 1};
    }

    @Override
    public void terms(double[] coordinates, double[] features, double[] terms) {
        terms[0] = 1;
        double power = -coordinates[2] * features[0];
        for (int i = 3; i < coordinates.length; i += 3) {
            double f = Math.exp(coordinates[i + 2]);
            power -= coordinates[i] * f * softplus((features[0] - coordinates[i + 1]) / f);
        }
        terms[1] = Math.exp(power);
    }

    /** Sobol points over slopes, breaks within the sizes in ascending order, and smoothness. */
    @Override
    public List<double[]> shapes(double[][] features, double[] logTargets) {
        double low = Arrays.stream(features).mapToDouble(f -> f[0]).min().orElseThrow();
        double high = Arrays.stream(features).mapToDouble(f -> f[0]).max().orElseThrow();
        List<Parameter> box = new ArrayList<>(parameters());
        for (int j = 2; j < box.size(); j++) if (!box.get(j).logarithmic()) box.set(j, box.get(j).startingIn(-0.5, 1));
        for (int i = 0; i < breaks; i++) box.set(4 + 3 * i, Parameter.positive("d").startingIn(Math.exp(low + (high - low) * i / breaks), Math.exp(low + (high - low) * (i + 1) / breaks)));
        return Starts.sobol(box, SHAPES * breaks);
    }
}
