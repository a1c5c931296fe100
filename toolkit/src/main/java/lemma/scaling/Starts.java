package lemma.scaling;

import java.util.ArrayList;
import java.util.List;
import org.hipparchus.random.SobolSequenceGenerator;

/** Points from which a fit starts. */
final class Starts {
    private Starts() {}

    /** {@code n} points of the Sobol sequence in the box of the parameters' starting ranges, in coordinates. */
    static List<double[]> sobol(List<Parameter> parameters, int n) {
        SobolSequenceGenerator sequence = new SobolSequenceGenerator(parameters.size());
        sequence.skipTo(1); // the first point is a corner of the box
        List<double[]> starts = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            double[] x = sequence.nextVector();
            for (int j = 0; j < x.length; j++) x[j] = parameters.get(j).start(x[j]);
            starts.add(x);
        }
        return starts;
    }
}
