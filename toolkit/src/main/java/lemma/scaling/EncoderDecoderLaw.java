package lemma.scaling;

import java.util.ArrayList;
import java.util.List;

/**
 * The bivariate law of translation models, {@code L(N_e, N_d) = a (Nbar_e / N_e)^p_e (Nbar_d / N_d)^p_d + L_inf}, for encoder and decoder
 * parameters. Under a budget {@code N_e + N_d = B} the least loss lies at {@code N_e / B = p_e / (p_e + p_d)}, whatever B, and falls as
 * {@code B^-(p_e + p_d)}.
 *
 * @param encoder the reference size Nbar_e, which only sets the unit of a
 * @param decoder the reference size Nbar_d
 * @see <a href="https://arxiv.org/abs/2109.07740">Ghorbani et al. (2021), Scaling Laws for Neural Machine Translation, eq. 1</a>
 */
public record EncoderDecoderLaw(double encoder, double decoder) implements LogSumExpLaw {
    private static final List<Parameter> PARAMETERS = List.of(Parameter.positive("a"),
            Parameter.between("p_e", 0, Double.POSITIVE_INFINITY), Parameter.between("p_d", 0, Double.POSITIVE_INFINITY), Parameter.positive("L_inf"));
    private static final List<Term> TERMS = List.of(new Term(0, new int[] {1, 2}, -1), Term.constant(3, 2));

    public EncoderDecoderLaw {
        if (!(encoder > 0 && decoder > 0)) throw new IllegalArgumentException("EncoderDecoderLaw: reference sizes are " + encoder + " and " + decoder + ", expected positive numbers");
    }

    public static EncoderDecoderLaw of(double encoder, double decoder) {
        return new EncoderDecoderLaw(encoder, decoder);
    }

    /**
     * How to split a budget of parameters.
     *
     * @param encoder N_e
     * @param decoder N_d
     * @param loss the law there
     */
    public record Split(double encoder, double decoder, double loss) {
        /** {@code N_e / (N_e + N_d)}. */
        public double encoderShare() {
            return encoder / (encoder + decoder);
        }
    }

    /**
     * The split of least loss under {@code N_e + N_d = budget}.
     *
     * @param fit a fit of this law
     * @throws IllegalArgumentException if {@code fit} is of another law, the budget is not positive, or both exponents are 0
     */
    public static Split optimal(ScalingFit fit, double budget) {
        if (!(fit.law() instanceof EncoderDecoderLaw)) throw new IllegalArgumentException("EncoderDecoderLaw: the fit is of the law " + fit.law().name());
        if (!(budget > 0) || Double.isInfinite(budget)) throw new IllegalArgumentException("EncoderDecoderLaw: budget is " + budget + ", expected a positive finite number");
        double pe = fit.parameter("p_e");
        double pd = fit.parameter("p_d");
        if (!(pe + pd > 0)) throw new IllegalArgumentException("EncoderDecoderLaw: both exponents are 0, so no split is better than another");
        double share = pe / (pe + pd);
        double encoder = share * budget;
        double decoder = budget - encoder;
        double loss = pe > 0 && pd > 0 ? fit.predict(encoder, decoder) : Double.NaN;
        return new Split(encoder, decoder, loss);
    }

    @Override
    public String name() {
        return "encoder-decoder";
    }

    @Override
    public String formula() {
        return "L = a (%.4g/N_e)^p_e (%.4g/N_d)^p_d + L_inf".formatted(encoder, decoder);
    }

    @Override
    public List<String> inputs() {
        return List.of("N_e", "N_d");
    }

    @Override
    public List<Parameter> parameters() {
        return PARAMETERS;
    }

    @Override
    public int distinctValuesNeeded() {
        return 2;
    }

    @Override
    public double[] features(double... inputs) {
        return new double[] {Math.log(inputs[0] / encoder), Math.log(inputs[1] / decoder)};
    }

    @Override
    public List<Term> terms() {
        return TERMS;
    }

    @Override
    public List<double[]> shapes(double[][] features, double[] logTargets) {
        List<double[]> shapes = new ArrayList<>();
        double[] exponents = {0.05, 0.2, 0.5, 1, 2};
        for (double pe : exponents) for (double pd : exponents) shapes.add(new double[] {0, pe, pd, 0});
        return shapes;
    }
}
