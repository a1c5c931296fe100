package lemma.probe;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.LongStream;
import lemma.tensor.PeakMemory;
import lemma.tensor.Tensor;
import lemma.tensor.Threads;

/**
 * All metrics beside their peers in one run: the value of each against that of NumPy, SciPy or scikit-learn, CPU seconds of one thread on both sides
 * (the smallest of the rounds), and our peak memory. Not a test: {@code java ... lemma.probe.ProbeSpeed PYTHON PROBE_SPEED_PY [ROUNDS]}.
 */
final class ProbeSpeed {
    private final Path folder;
    private final Map<String, DoubleSupplier> metrics = new LinkedHashMap<>();

    private ProbeSpeed(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] words) throws IOException, InterruptedException {
        String rounds = words.length > 2 ? words[2] : "3";
        Path folder = Files.createTempDirectory("probe-speed");
        ProcessBuilder peer = new ProcessBuilder(words[0], words[1], folder.toString(), rounds).inheritIO();
        peer.environment().put("OPENBLAS_NUM_THREADS", "1");
        if (peer.start().waitFor() != 0) throw new IllegalStateException("ProbeSpeed: the peer failed");
        Threads.with(1, () -> {
            new ProbeSpeed(folder).run(Integer.parseInt(rounds));
            return null;
        });
    }

    private Tensor read(String name) {
        return Probe.read(folder.resolve(name + ".npy"));
    }

    private void run(int rounds) {
        declare();
        System.out.printf(Locale.ROOT, "%-38s %-13s %9s %11s %11s %7s %9s%n", "metric", "peer", "error", "ours s", "peer s", "ratio", "peak MB");
        for (String line : lines()) {
            String[] cells = line.split("\t");
            report(cells[0], cells[1], Double.parseDouble(cells[2]), Double.parseDouble(cells[3]), rounds);
        }
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(folder.resolve("peer.tsv")).stream().skip(1).toList();
        } catch (IOException e) {
            throw new IllegalStateException("ProbeSpeed: the peer wrote no peer.tsv", e);
        }
    }

    private void declare() {
        Tensor x = read("x");
        Tensor y = read("y");
        Tensor wide = read("wide");
        Tensor bent = wide.add(1).tanh();
        Tensor states = read("states");
        Tensor u = read("u");
        Tensor v = read("v");
        Tensor flat = read("flat");
        Tensor near = read("near");
        Tensor classes = read("classes");
        Tensor theta = read("theta");
        Tensor old = read("old");
        Tensor scores = read("scores");
        double[][] joint = UnitMatching.rows(read("joint"));
        Tensor moved = u.flip(1).add(0.1);
        Tensor first = v.narrow(1, 0, 1).reshape(-1);
        Tensor units = u.narrow(0, 0, 300);
        metrics.put("Cka.linear 5000x64,32", () -> Cka.linear(x, y));
        metrics.put("Cka.linear 5000x512,512", () -> Cka.linear(wide, bent));
        metrics.put("Cka.linearDebiased", () -> Cka.linearDebiased(u, v));
        metrics.put("Cka.kernel (rbf)", () -> Cka.kernel(u, v, Kernel.rbf(8), Kernel.rbf(4)));
        metrics.put("Cca mean correlation", () -> Cca.of(u, v).mean());
        metrics.put("Cca.pwcca", () -> Cca.pwcca(u, v));
        metrics.put("Procrustes.disparity", () -> Procrustes.disparity(u, v));
        metrics.put("RepresentationalSimilarity.spearman", () -> RepresentationalSimilarity.spearman(u, v, RepresentationalSimilarity.Dissimilarity.EUCLIDEAN));
        metrics.put("MutualKnn k 10", () -> MutualKnn.of(u, v, 10));
        metrics.put("UnitMatching one to one", () -> UnitMatching.of(u, v).mean());
        metrics.put("Spectrum.effectiveRank", () -> Spectrum.effectiveRank(u));
        metrics.put("Spectrum.stableRank", () -> Spectrum.stableRank(u));
        metrics.put("Spectrum.participationRatio", () -> Spectrum.participationRatio(u));
        metrics.put("MatrixEntropy 2048x1024", () -> MatrixEntropy.of(states));
        metrics.put("MatrixNuclearNorm 2048x1024", () -> MatrixNuclearNorm.of(states));
        metrics.put("MatrixNuclearNorm.exact 1000x24", () -> MatrixNuclearNorm.exact(u));
        metrics.put("VendiScore dual 5000x64", () -> VendiScore.dual(x, 1));
        metrics.put("VendiScore rbf 1000", () -> VendiScore.of(u, Kernel.rbf(4)));
        metrics.put("VendiScore rbf 5000", () -> VendiScore.of(x, Kernel.rbf(8)));
        metrics.put("VendiScore rbf 5000 order 2", () -> VendiScore.of(x, Kernel.rbf(8), 2));
        metrics.put("DiffusionSpectralEntropy 1000", () -> DiffusionSpectralEntropy.of(u, 2));
        metrics.put("IntrinsicDimension.twoNN", () -> IntrinsicDimension.twoNN(u));
        metrics.put("IntrinsicDimension.mle k 10", () -> IntrinsicDimension.mle(u, 10));
        metrics.put("NearestNeighbourInformation.entropy", () -> NearestNeighbourInformation.entropy(flat, 3));
        metrics.put("NearestNeighbourInformation (KSG)", () -> NearestNeighbourInformation.mutualInformation(flat, near, 3));
        metrics.put("IntrinsicDimension.pca", () -> IntrinsicDimension.pca(u, 0.95));
        metrics.put("BinnedInformation.entropy", () -> BinnedInformation.entropy(flat, 8));
        metrics.put("GaussianInformation.entropyOf", () -> GaussianInformation.entropyOf(u, 0));
        metrics.put("DiscreteInformation.mutualInformation", () -> DiscreteInformation.mutualInformation(DiscreteInformation.counts(old.toInts(), classes.toInts())));
        metrics.put("InformationBottleneck 16x8 beta 5", () -> InformationBottleneck.blahutArimoto(joint, 5)[0].relevance());
        metrics.put("MutualInformationBound MINE 500", () -> MutualInformationBound.of(scores, MutualInformationBound.Kind.MINE).item());
        metrics.put("MutualInformationBound InfoNCE 500", () -> MutualInformationBound.of(scores, MutualInformationBound.Kind.INFO_NCE).item());
        metrics.put("CompressedInformation.principal", () -> CompressedInformation.principal(u, v, 2, 3));
        metrics.put("CauchySchwarz.mutualInformation", () -> CauchySchwarz.mutualInformation(u, v, 2, 2).item());
        metrics.put("CauchySchwarz.divergence", () -> CauchySchwarz.divergence(u, moved, 2).item());
        metrics.put("VInformation.linear", () -> VInformation.linear(u, first, 1e-3).nats());
        metrics.put("NeuralCollapse.nc1", () -> NeuralCollapse.of(u, classes).nc1());
        metrics.put("NeuralCollapse.cdnv", () -> NeuralCollapse.of(u, classes).cdnv());
        metrics.put("Transferability.logMe", () -> Transferability.logMe(u, classes));
        metrics.put("Transferability.tmi", () -> Transferability.tmi(u, classes, 3));
        metrics.put("Transferability.tmiGaussian", () -> Transferability.tmiGaussian(u, classes, 0));
        metrics.put("Transferability.nce", () -> Transferability.negativeConditionalEntropy(old, classes));
        metrics.put("Transferability.transRate", () -> Transferability.transRate(u, classes, 1e-2));
        metrics.put("Transferability.hScore", () -> Transferability.hScore(u, classes));
        metrics.put("Transferability.leep", () -> Transferability.leep(theta, classes));
        metrics.put("LinearProbe loss", () -> LinearProbe.fit(u, classes, 5, 1e-2).loss(u, classes));
        metrics.put("IterativeFeatureMerging last distance", () -> IterativeFeatureMerging.of(units).distances()[298]);
    }

    private void report(String name, String peer, double truth, double seconds, int rounds) {
        DoubleSupplier metric = metrics.get(name);
        double best = Double.MAX_VALUE;
        double value = 0;
        double spent = 0;
        for (int i = 0; i == 0 || spent < 5 && (i < rounds || spent < 0.5 * rounds && i < 200 * rounds); i++) { // short ones until they are compiled
            long start = cpu();
            value = metric.getAsDouble();
            double took = (cpu() - start) / 1e9;
            if (took > 0) best = Math.min(best, took); // a thread that ended takes its time with it
            spent += took;
        }
        double megabytes = PeakMemory.of(metric::getAsDouble).bytes() / 1e6;
        System.out.printf(Locale.ROOT, "%-38s %-13s %9.1e %11.6f %11.6f %7.2f %9.1f%n", name, peer, Math.abs(value / truth - 1), best, seconds, best / seconds, megabytes);
    }

    /** Nanoseconds of all Java threads; those of the compiler and the collector are not among them. */
    private static long cpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return LongStream.of(threads.getAllThreadIds()).map(threads::getThreadCpuTime).filter(t -> t > 0).sum();
    }
}
