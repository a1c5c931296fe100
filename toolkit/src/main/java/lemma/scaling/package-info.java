/**
 * Scaling laws: how loss falls with data, parameters and compute.
 *
 * <ul>
 *   <li>A {@link lemma.scaling.Law} is an equation with bounds and a gradient: {@link lemma.scaling.PowerLaw},
 *       {@link lemma.scaling.PowerLawPlusConstant}, {@link lemma.scaling.ShiftedPowerLaw}, {@link lemma.scaling.BrokenPowerLaw},
 *       {@link lemma.scaling.Chinchilla}, {@link lemma.scaling.KaplanLaw}, {@link lemma.scaling.DataConstrainedLaw},
 *       {@link lemma.scaling.EncoderDecoderLaw}, {@link lemma.scaling.LrAnnealingLaw}, {@link lemma.scaling.StepLaw},
 *       {@link lemma.scaling.ProductPowerLaw}; one's own by {@link lemma.scaling.Law#of}.
 *   <li>{@link lemma.scaling.LawFitter} fits it on a log scale from many starts; {@link lemma.scaling.ScalingFit} holds what came out, with
 *       bootstrap, profile-likelihood and delta-method intervals, outliers and held-out errors.
 *   <li>{@link lemma.scaling.LawComparison}, {@link lemma.scaling.LikelihoodRatioTest} and {@link lemma.scaling.SharedSlopeTest} compare;
 *       {@link lemma.scaling.ComputeFrontier} and {@link lemma.scaling.Chinchilla#optimal} say how to spend a budget.
 * </ul>
 */
package lemma.scaling;
