package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Facts about the shipped sets that their publishers or other packages state: the UCI repository (class counts), scikit-learn 1.9.1,
 * statsmodels 0.15.0 and R 4.2.2 (means, over the numbers those packages return).
 */
class DatasetsTest {
    @Test
    void irisHasFiftyFlowersOfEachSpeciesAndTheMeansThatRPrints() {
        Dataset iris = Datasets.iris();
        assertThat(iris.features()).containsExactly("sepal_length", "sepal_width", "petal_length", "petal_width");
        assertThat(iris.classes()).containsExactly("setosa", "versicolor", "virginica");
        assertThat(counts(iris)).containsExactly(50, 50, 50);
        assertThat(means(iris)).containsExactly(new double[] {5.843333, 3.057333, 3.758, 1.199333}, within(1e-6));
    }

    @Test
    void irisHasFishersRow35AndNotTheOneOfTheUciCopy() {
        assertThat(Datasets.iris().rows()[34]).containsExactly(4.9, 3.1, 1.5, 0.2);
    }

    @Test
    void wineHasTheClassesOfTheUciRepository() {
        Dataset wine = Datasets.wine();
        assertThat(wine.features()).hasSize(13);
        assertThat(counts(wine)).containsExactly(59, 71, 48);
        assertThat(means(wine)[0]).isCloseTo(13.00061798, within(1e-8));
        assertThat(means(wine)[12]).isCloseTo(746.89325843, within(1e-8));
    }

    @Test
    void breastCancerHas212MalignantAnd357BenignMasses() {
        Dataset cancer = Datasets.breastCancer();
        assertThat(cancer.features()).hasSize(30);
        assertThat(cancer.classes()).containsExactly("malignant", "benign");
        assertThat(counts(cancer)).containsExactly(212, 357);
        assertThat(means(cancer)[0]).isCloseTo(14.12729174, within(1e-8));
        assertThat(Arrays.stream(means(cancer)).average().orElseThrow()).isCloseTo(61.890712339519624, within(1e-9));
    }

    @Test
    void diabetesHasRawUnitsAndMeanProgression152() {
        Dataset diabetes = Datasets.diabetes();
        assertThat(diabetes.size()).isEqualTo(442);
        assertThat(diabetes.classes()).isEmpty();
        assertThat(means(diabetes)).containsExactly(new double[] {48.51809955, 1.46832579, 26.37579186, 94.64701357, 189.14027149, 115.43914027,
            49.78846154, 4.07024887, 4.64141086, 91.260181}, within(1e-7));
        assertThat(Arrays.stream(diabetes.targets()).average().orElseThrow()).isCloseTo(152.13348416289594, within(1e-10));
    }

    @Test
    void digitsHasTheClassCountsOfTheUciTestPart() {
        Dataset digits = Datasets.digits();
        assertThat(digits.features()).hasSize(64).startsWith("p00", "p01").endsWith("p77");
        assertThat(counts(digits)).containsExactly(178, 182, 177, 183, 181, 182, 181, 179, 174, 180);
        assertThat(Arrays.stream(means(digits)).average().orElseThrow()).isCloseTo(4.884164579855314, within(1e-12));
    }

    @Test
    void sunspotsRunsFrom1700To2008WithItsHighestYear1957() {
        Dataset sunspots = Datasets.sunspots();
        double[][] x = sunspots.rows();
        int peak = IntStream.range(0, x.length).reduce((a, b) -> x[a][0] >= x[b][0] ? a : b).orElseThrow();
        assertThat(sunspots.size()).isEqualTo(309);
        assertThat(sunspots.table().doubleColumn("year").asDoubleArray()).startsWith(1700, 1701).endsWith(2007, 2008);
        assertThat(means(sunspots)[0]).isCloseTo(49.752104, within(1e-6));
        assertThat(1700 + peak).isEqualTo(1957);
        assertThat(x[peak][0]).isEqualTo(190.2);
    }

    @Test
    void co2MissesFiftyNineWeeksAndItsInterpolationHasTheMeanOfPandas() {
        Dataset co2 = Datasets.co2();
        assertThat(co2.size()).isEqualTo(2284);
        assertThat(co2.table().dateColumn("date").get(0)).isEqualTo(LocalDate.of(1958, 3, 29));
        assertThat(co2.table().dateColumn("date").get(2283)).isEqualTo(LocalDate.of(2001, 12, 29));
        assertThat(co2.dropMissing().size()).isEqualTo(2225);
        assertThat(means(co2.dropMissing())[0]).isCloseTo(340.142247, within(1e-6));
        assertThat(means(co2.interpolateMissing())[0]).isCloseTo(339.652496, within(1e-6));
    }

    @Test
    void euStocksHasTheMeansThatRPrints() {
        Dataset stocks = Datasets.euStocks();
        assertThat(stocks.size()).isEqualTo(1860);
        assertThat(stocks.features()).containsExactly("DAX", "SMI", "CAC", "FTSE");
        assertThat(means(stocks)).containsExactly(new double[] {2530.657, 3376.224, 2227.828, 3565.643}, within(1e-3));
    }

    @Test
    void airlinePassengersHasTheMeanThatRPrintsAndPeaksInJuly1960() {
        Dataset airline = Datasets.airlinePassengers();
        double[][] x = airline.rows();
        assertThat(airline.size()).isEqualTo(144);
        assertThat(means(airline)[0]).isCloseTo(280.2986, within(1e-4));
        assertThat(airline.table().dateColumn("month").get(138)).isEqualTo(LocalDate.of(1960, 7, 1));
        assertThat(Arrays.stream(x).mapToDouble(r -> r[0]).max().orElseThrow()).isEqualTo(622).isEqualTo(x[138][0]);
    }

    @Test
    void mobyDickHas135ChaptersBetweenIshmaelAndTheOrphan() {
        Text moby = Datasets.mobyDick();
        assertThat(moby.text().lines().filter(l -> l.startsWith("CHAPTER "))).hasSize(135);
        assertThat(moby.text()).startsWith("CHAPTER 1. Loomings.\n\nCall me Ishmael.").endsWith("only found another orphan.\n").doesNotContain("\r", "\uFFFD");
        assertThat(moby.bytes()).hasSizeBetween(1_000_000, 1_300_000);
        assertThat(new String(moby.bytes(), StandardCharsets.UTF_8)).isEqualTo(moby.text());
    }

    @Test
    void everyShippedSetHasALicenceACitationAndARowInTheReadme() throws IOException {
        String readme = Files.readString(Path.of("..", "datasets", "README.md"));
        for (String name : Manifest.names("shipped")) {
            Manifest.Entry entry = Manifest.shipped(name);
            assertThat(entry.source().licence()).isNotBlank();
            assertThat(entry.source().citation()).isNotBlank();
            assertThat(readme).contains("| " + entry.text("file") + " | `Datasets." + camel(name) + "()` |");
        }
    }

    @Test
    void everyDownloadIsWellFormed() {
        for (String name : Manifest.names("download")) {
            RemoteFile file = Manifest.download(name).remote();
            assertThat(file.addresses()).hasSizeGreaterThan(1).allMatch(a -> a.getScheme().equals("https"));
            assertThat(Manifest.download(name).source().licence()).isNotBlank();
        }
    }

    private static String camel(String name) {
        List<String> words = List.of(name.split("-"));
        return words.getFirst() + String.join("", words.stream().skip(1).map(w -> Character.toUpperCase(w.charAt(0)) + w.substring(1)).toList());
    }

    private static int[] counts(Dataset set) {
        int[] counts = new int[set.classes().size()];
        for (int label : set.labels()) counts[label]++;
        return counts;
    }

    private static double[] means(Dataset set) {
        double[][] rows = set.rows();
        return IntStream.range(0, set.features().size()).mapToDouble(j -> Arrays.stream(rows).mapToDouble(r -> r[j]).average().orElseThrow()).toArray();
    }
}
