/**
 * Networks of infinite width: a {@link lemma.ntk.Network}, described with {@link lemma.ntk.Stax}, gives the finite network, its Gaussian
 * process (NNGP) and its neural tangent kernel (NTK).
 *
 * <ul>
 *   <li>{@link lemma.ntk.Stax} has the layers, named as in neural-tangents; {@link lemma.ntk.DualActivation} what a nonlinearity does to
 *       covariances, in closed form or by quadrature.
 *   <li>{@link lemma.ntk.Parametrization} says how its scales and learning rates change with the width: NTK, standard, mean field, maximal update.
 *   <li>{@link lemma.ntk.AnalyticKernels} computes both kernels in blocks of bounded memory.
 *   <li>{@link lemma.ntk.EmpiricalKernels} computes those of any finite model, by the cheapest of three methods; {@link lemma.ntk.Kernels} has both in short.
 *   <li>{@link lemma.ntk.KernelGradientFlow} predicts training with a constant kernel, {@link lemma.ntk.GpRegression} the Bayesian posterior;
 *       {@link lemma.ntk.Linearized} is a network that has a constant kernel.
 *   <li>{@link lemma.ntk.KernelLossFlow} predicts training on any other loss; {@link lemma.ntk.Taylorized} expands a network beyond the first order.
 *   <li>{@link lemma.ntk.GpClassification}, {@link lemma.ntk.StudentTProcess} and {@link lemma.ntk.ScaleMixture} are posteriors for labels and random scales.
 *   <li>{@link lemma.ntk.DeepKernelMachine}, {@link lemma.ntk.LinearMuP} and {@link lemma.ntk.HiddenUnitsMuP} are limits of infinite width that learn features, {@link lemma.ntk.AbcParametrization}
 *       says which parametrisations do.
 *   <li>{@link lemma.ntk.UniversalRandomFeatures} and {@link lemma.ntk.ScalableKernelLayer} are layers as products of features.
 *   <li>{@link lemma.ntk.SphericalNtk} is the NTK of great depth on the sphere, for classification.
 *   <li>{@link lemma.ntk.KernelRecursion} and {@link lemma.ntk.MlpEnsemble} say what happens at finite width and great depth.
 * </ul>
 */
package lemma.ntk;
