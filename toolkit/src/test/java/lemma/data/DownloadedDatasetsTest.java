package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

/** Facts about the downloaded sets, checked on the real files where {@code LEMMA_DATA} names a folder that has them. */
class DownloadedDatasetsTest {
    @BeforeEach
    void filesAreThere() {
        assumeTrue(System.getenv("LEMMA_DATA") != null, "LEMMA_DATA names no folder with the downloaded sets");
    }

    @Test
    void chinchillaHas245RunsWithTokensFromSixNd() {
        Table runs = Datasets.chinchilla();
        assertThat(runs.columnNames()).containsExactly("params", "tokens", "flops", "loss");
        assertThat(runs.rowCount()).isEqualTo(245);
        assertThat(runs.doubleColumn("tokens").get(0)).isCloseTo(9.993852799709755e18 / 6 / 6795600349.289497, within(1.0));
        assertThat(runs.doubleColumn("loss").get(0)).isEqualTo(5.005581996196243);
        assertThat(runs.doubleColumn("params").max()).isBetween(1e10, 2e10); // the paper trains 70 million to 16 billion parameters
    }

    @Test
    void tinyShakespeareHas65DifferentCharacters() {
        Text text = Datasets.tinyShakespeare();
        assertThat(text.length()).isEqualTo(1_115_394);
        assertThat(text.text().chars().distinct().count()).isEqualTo(65); // as char-rnn's and nanoGPT's documentation say
        assertThat(text.text()).startsWith("First Citizen:\nBefore we proceed any further, hear me speak.");
    }

    @Test
    void etth1HasAnHourARowFromJuly2016() {
        Dataset etth1 = Datasets.etth1();
        assertThat(etth1.size()).isEqualTo(17_420);
        assertThat(etth1.features()).containsExactly("HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT");
        LocalDateTime first = etth1.table().dateTimeColumn("date").get(0);
        assertThat(first).isEqualTo(LocalDateTime.of(2016, 7, 1, 0, 0));
        assertThat(etth1.table().dateTimeColumn("date").get(17_419)).isEqualTo(first.plusHours(17_419));
        assertThat(Arrays.stream(etth1.rows()).mapToDouble(r -> r[6]).average().orElseThrow()).isCloseTo(13.324672, within(1e-6));
    }

    @Test
    void mnistTrainHasTheClassCountsOfItsPublishers() {
        assumeTrue(Files.exists(Path.of(System.getenv("LEMMA_DATA"), "train-images-idx3-ubyte.gz")), "LEMMA_DATA has no MNIST training digits");
        Images mnist = Datasets.mnistTrain();
        assertThat(mnist.x().shape().dims()).containsExactly(60_000, 1, 28, 28);
        int[] counts = new int[10];
        for (int label : mnist.y().toInts()) counts[label]++;
        assertThat(counts).containsExactly(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
        assertThat(mnist.x().mean().item()).isCloseTo(0.1307, within(1e-4));
    }

    @Test
    void mnistTestHasTheClassCountsAndTheMeanOfItsPublishers() {
        Images mnist = Datasets.mnistTest();
        assertThat(mnist.x().shape().dims()).containsExactly(10_000, 1, 28, 28);
        int[] counts = new int[10];
        for (int label : mnist.y().toInts()) counts[label]++;
        assertThat(counts).containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
        assertThat(mnist.x().mean().item()).isCloseTo(0.1325, within(1e-4)); // as torchvision's users quote it for the test part
        assertThat(mnist.y().toInts()).startsWith(7, 2, 1, 0, 4);
    }
}
