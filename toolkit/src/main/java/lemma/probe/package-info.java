/**
 * Probing tools: what a representation holds, how it is shaped, and which other it resembles. All metrics take plain tensors of n rows and
 * d columns, compute in FLOAT64, say their units, and refuse NaN, infinity and input on which they are not defined.
 *
 * <ul>
 *   <li>{@link lemma.probe.Probe}: the usual numbers in one call each, and features from files of other programs.
 *   <li>Two representations of the same examples: {@link lemma.probe.Cka}, {@link lemma.probe.Cca}, {@link lemma.probe.Procrustes},
 *       {@link lemma.probe.RepresentationalSimilarity}, {@link lemma.probe.MutualKnn}, {@link lemma.probe.UnitMatching},
 *       {@link lemma.probe.SpectralClustering}.
 *   <li>Spectra and dimension: {@link lemma.probe.Spectrum}, {@link lemma.probe.MatrixEntropy}, {@link lemma.probe.MatrixNuclearNorm},
 *       {@link lemma.probe.VendiScore}, {@link lemma.probe.DiffusionSpectralEntropy}, {@link lemma.probe.IntrinsicDimension}.
 *   <li>Information: {@link lemma.probe.DiscreteInformation}, {@link lemma.probe.BinnedInformation}, {@link lemma.probe.NearestNeighbourInformation},
 *       {@link lemma.probe.GaussianInformation}, {@link lemma.probe.CauchySchwarz}, {@link lemma.probe.InformationBottleneck},
 *       {@link lemma.probe.MutualInformationBound}, {@link lemma.probe.VInformation}, {@link lemma.probe.InformationPlane}; through a
 *       compression ({@link lemma.probe.Pca}, {@link lemma.probe.Autoencoder}) {@link lemma.probe.CompressedInformation}.
 *   <li>Inside a model: {@link lemma.probe.Capture}, {@link lemma.probe.ActivationCodes}, {@link lemma.probe.LinearProbe}, {@link lemma.probe.GradientSnr}; and what its features promise for
 *       another task: {@link lemma.probe.Transferability}.
 *   <li>Neural collapse: {@link lemma.probe.NeuralCollapse} from {@link lemma.probe.ClassStatistics}, {@link lemma.probe.EquiangularTightFrame}, and
 *       the models of free features {@link lemma.probe.DeepLinearFeatures} and {@link lemma.probe.PerturbedFeatures}.
 * </ul>
 */
package lemma.probe;
