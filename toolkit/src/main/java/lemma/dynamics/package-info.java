/**
 * How training moves: parametrisations under which it does not depend on size, the curvature along its path, schedules, noise and large batches.
 *
 * <ul>
 *   <li>{@link lemma.dynamics.FullBatchGradientDescent} trains on all examples and lets one watch; {@link lemma.dynamics.Sharpness} is what to watch.
 *   <li>{@link lemma.dynamics.CoordinateCheck} and {@link lemma.dynamics.LearningRateSweep} say whether a parametrisation such as
 *       {@link lemma.optim.MuP} keeps movements and learning rates as the network grows.
 *   <li>{@link lemma.dynamics.LossTracker} finds the examples that oppose each other.
 *   <li>{@link lemma.dynamics.SubgradientMethod} descends convex problems side by side; {@link lemma.dynamics.SideBySide} learns a
 *       {@link lemma.dynamics.LinearProblem} with many schedules at once. Schedules refined from gradient norms: {@link lemma.optim.RefinedSchedule}.
 *   <li>{@link lemma.dynamics.GradientNoiseScale} measures the noise of gradients, {@link lemma.optim.GradientNoise} adds some.
 *   <li>{@link lemma.dynamics.ConcurrentAdversarialTrainer} trains on perturbations that are made with stale parameters; {@link lemma.dynamics.CriticalPath} says how long it takes.
 * </ul>
 */
package lemma.dynamics;
