/**
 * Scaling laws: how loss falls with data, parameters and compute. A {@link lemma.scaling.Law} is an equation with bounds,
 * {@link lemma.scaling.LawFitter} fits it on a log scale from many starts, {@link lemma.scaling.ScalingFit} holds what came out;
 * {@link lemma.scaling.Chinchilla} and {@link lemma.scaling.PowerLawFit} are the usual ways in.
 */
package lemma.scaling;
