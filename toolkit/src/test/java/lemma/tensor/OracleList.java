package lemma.tensor;

import java.util.List;
import java.util.Map;
import java.util.Set;
import lemma.linalg.Fft;
import lemma.linalg.Linalg;
import lemma.linalg.Scan;

/** What {@link OperationsPage} cannot read from the fixtures. */
final class OracleList {
    private OracleList() {}

    /** Where operations are. */
    static final List<Class<?>> CLASSES = List.of(Tensor.class, Functional.class, Special.class, Random.class, Linalg.class, Fft.class, Scan.class);

    /** Public methods of these classes that compute nothing: conversions, properties, memory. */
    static final Set<String> NOT_OPERATIONS = Set.of("shape", "dim", "rank", "size", "dtype", "backend", "isTracked", "node", "isContiguous", "contiguous",
            "detach", "keep", "item", "toDoubles", "toFloats", "toLongs", "toInts", "toBooleans", "toArray", "array", "toString", "bundle", "variable", "of", "scalar", "seed", "fork", "state");

    /** Oracle of an operation without PyTorch fixtures, with the test that holds it in parentheses. */
    static final Map<String, String> ORACLES = Map.ofEntries(
            Map.entry("Random.beta", "Kolmogorov-Smirnov test against Hipparchus's distribution (RandomDistributionsTest)"),
            Map.entry("Random.cauchy", "Kolmogorov-Smirnov test against Hipparchus's distribution (RandomDistributionsTest)"),
            Map.entry("Random.chiSquare", "Kolmogorov-Smirnov test against Hipparchus's distribution (RandomDistributionsTest)"),
            Map.entry("Random.exponential", "Kolmogorov-Smirnov test against Hipparchus's distribution (RandomDistributionsTest)"),
            Map.entry("Random.gamma", "Kolmogorov-Smirnov test against Hipparchus's distribution (RandomDistributionsTest)"),
            Map.entry("Random.gumbel", "Kolmogorov-Smirnov test against Hipparchus's distribution (RandomDistributionsTest)"),
            Map.entry("Random.laplace", "Kolmogorov-Smirnov test against Hipparchus's distribution (RandomDistributionsTest)"),
            Map.entry("Random.logNormal", "Kolmogorov-Smirnov test against Hipparchus's distribution (RandomDistributionsTest)"),
            Map.entry("Random.studentT", "Kolmogorov-Smirnov test against Hipparchus's distribution (RandomDistributionsTest)"),
            Map.entry("Random.truncatedNormal", "Kolmogorov-Smirnov test against Hipparchus's distribution (RandomDistributionsTest)"),
            Map.entry("Random.poisson", "chi-square test against Hipparchus's distribution (RandomDistributionsTest)"),
            Map.entry("Random.binomial", "chi-square test against Hipparchus's distribution (RandomDistributionsTest)"),
            Map.entry("Random.dirichlet", "moments of the distribution (RandomDistributionsTest)"),
            Map.entry("Random.categorical", "chi-square test against the weights (RandomDistributionsTest)"),
            Map.entry("Random.multinomial", "chi-square test against the weights (RandomDistributionsTest)"),
            Map.entry("Random.choice", "definition (RandomDistributionsTest)"),
            Map.entry("Random.shuffle", "definition (RandomDistributionsTest)"),
            Map.entry("Random.normal", "Kolmogorov-Smirnov test against Hipparchus's distribution (RandomTest)"),
            Map.entry("Random.uniform", "Kolmogorov-Smirnov test against Hipparchus's distribution (RandomTest)"),
            Map.entry("Random.integers", "even coverage of the range (RandomTest)"),
            Map.entry("Random.bernoulli", "its probability (RandomTest)"),
            Map.entry("Random.permutation", "definition (RandomTest)"),
            Map.entry("Random.nextDouble", "Random.uniform (RandomTest)"),
            Map.entry("alphaDropout", "mean, variance and share of elements dropped (SmallLayersTest)"),
            Map.entry("gumbelSoftmax", "probabilities of the classes (SmallLayersTest)"),
            Map.entry("viewAsComplex", "every complex fixture passes through it (ComplexCases)"),
            Map.entry("viewAsReal", "every complex fixture passes through it (ComplexCases)"));

    /** Of every function of {@link Special}, besides PyTorch, which has fewer digits in some. */
    static final String SPECIAL = "13 digits from mpmath (SpecialTest)";
}
