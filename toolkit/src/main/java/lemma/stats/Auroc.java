package lemma.stats;

import java.util.Comparator;
import java.util.stream.IntStream;

/** The area under the receiver operating characteristic: how often a positive case scores above a negative one, ties counting half. */
public final class Auroc {
    private Auroc() {}

    /**
     * From the sum of the ranks of the positive cases.
     *
     * @throws IllegalArgumentException if a score is NaN, or one of the two kinds is missing
     * @see <a href="https://doi.org/10.1148/radiology.143.1.7063747">Hanley, McNeil (1982), The meaning and use of the area under a ROC curve</a>
     */
    public static double of(double[] scores, boolean[] positive) {
        if (scores.length != positive.length) throw new IllegalArgumentException("Auroc: " + scores.length + " scores and " + positive.length + " cases; expected equally many");
        for (int i = 0; i < scores.length; i++) if (Double.isNaN(scores[i])) throw new IllegalArgumentException("Auroc: score " + i + " is NaN");
        int[] order = IntStream.range(0, scores.length).boxed().sorted(Comparator.comparingDouble(i -> scores[i])).mapToInt(i -> i).toArray();
        double ranks = 0;
        long yes = 0;
        for (int i = 0; i < order.length; ) {
            int end = i;
            long here = 0;
            while (end < order.length && scores[order[end]] == scores[order[i]]) if (positive[order[end++]]) here++;
            ranks += here * (i + end + 1) / 2.0; // the mean of the ranks i + 1 to end
            yes += here;
            i = end;
        }
        long no = order.length - yes;
        if (yes == 0 || no == 0) throw new IllegalArgumentException("Auroc: " + yes + " positive and " + no + " negative cases; expected some of each");
        return (ranks - yes * (yes + 1) / 2.0) / ((double) yes * no);
    }
}
