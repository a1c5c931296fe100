package lemma.loss;

/** How often an event came about among the cases whose forecasts are like a given one: targets for calibration. */
@FunctionalInterface
public interface EmpiricalProbability {
    /** For each case, from the forecasts in [0, 1] of all cases and whether their events came about. */
    double[] of(double[] forecasts, boolean[] events);

    /** Throws if the two do not fit. */
    static void check(String name, double[] forecasts, boolean[] events) {
        if (forecasts.length != events.length || forecasts.length == 0) {
            throw new IllegalArgumentException(name + ": " + forecasts.length + " forecasts and " + events.length + " events; expected equally many, at least one");
        }
        for (int i = 0; i < forecasts.length; i++) if (!(forecasts[i] >= 0 && forecasts[i] <= 1)) throw new IllegalArgumentException(name + ": forecast " + i + " is " + forecasts[i] + ", expected 0 to 1");
    }
}
