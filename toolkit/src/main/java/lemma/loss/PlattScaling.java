package lemma.loss;

import java.util.stream.IntStream;

/**
 * A logistic curve over scores, {@code 1 / (1 + exp(a s + b))}, fitted by likelihood to targets drawn a little inwards:
 * {@code (n1 + 1) / (n1 + 2)} for the n1 events and {@code 1 / (n0 + 2)} for the n0 others, which keeps separable data finite.
 *
 * @param a slope, negative when a larger score means a likelier event
 * @param b offset
 * @see <a href="https://doi.org/10.1007/s10994-007-5018-6">Lin, Lin, Weng (2007), A note on Platt's probabilistic outputs for support vector
 *     machines</a>
 */
public record PlattScaling(double a, double b) {
    /** Fitted to scores and whether the event came about. */
    public static PlattScaling fit(double[] scores, boolean[] events) {
        if (scores.length != events.length || scores.length == 0) {
            throw new IllegalArgumentException("PlattScaling: " + scores.length + " scores and " + events.length + " events; expected equally many, at least one");
        }
        for (int i = 0; i < scores.length; i++) if (!Double.isFinite(scores[i])) throw new IllegalArgumentException("PlattScaling: score " + i + " is " + scores[i] + ", expected a finite number");
        double[] t = targets(events);
        long positive = IntStream.range(0, events.length).filter(i -> events[i]).count();
        double[] at = {0, Math.log((events.length - positive + 1.0) / (positive + 1.0))};
        double value = loss(scores, t, at[0], at[1]);
        for (int i = 0; i < 200; i++) {
            double[] step = newton(scores, t, at);
            if (Math.hypot(step[0], step[1]) <= 1e-12 * (1 + Math.hypot(at[0], at[1]))) break;
            double length = 1;
            double next = loss(scores, t, at[0] + step[0], at[1] + step[1]);
            while (next > value && length > 1e-10) {
                length /= 2;
                next = loss(scores, t, at[0] + length * step[0], at[1] + length * step[1]);
            }
            if (!(next <= value)) break;
            at[0] += length * step[0];
            at[1] += length * step[1];
            value = next;
        }
        return new PlattScaling(at[0], at[1]);
    }

    private static double[] targets(boolean[] events) {
        long positive = IntStream.range(0, events.length).filter(i -> events[i]).count();
        double high = (positive + 1.0) / (positive + 2);
        double low = 1.0 / (events.length - positive + 2);
        double[] t = new double[events.length];
        for (int i = 0; i < t.length; i++) t[i] = events[i] ? high : low;
        return t;
    }

    private static double loss(double[] s, double[] t, double a, double b) {
        double sum = 0;
        for (int i = 0; i < s.length; i++) {
            double z = a * s[i] + b;
            sum += t[i] * z + Math.log1p(Math.exp(-Math.abs(z))) + Math.max(-z, 0);
        }
        return sum;
    }

    private static double[] newton(double[] s, double[] t, double[] at) {
        double ga = 0;
        double gb = 0;
        double aa = 1e-12;
        double ab = 0;
        double bb = 1e-12;
        for (int i = 0; i < s.length; i++) {
            double p = probability(at[0] * s[i] + at[1]);
            double w = p * (1 - p);
            ga += s[i] * (t[i] - p);
            gb += t[i] - p;
            aa += s[i] * s[i] * w;
            ab += s[i] * w;
            bb += w;
        }
        double det = aa * bb - ab * ab;
        return new double[] {-(bb * ga - ab * gb) / det, -(aa * gb - ab * ga) / det};
    }

    private static double probability(double z) {
        return z >= 0 ? Math.exp(-z) / (1 + Math.exp(-z)) : 1 / (1 + Math.exp(z));
    }

    /** The probability at a score. */
    public double apply(double score) {
        return probability(a * score + b);
    }
}
