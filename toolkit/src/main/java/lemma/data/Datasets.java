package lemma.data;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import lemma.tensor.Tensor;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * Data by name, one call each. The first group travels with the toolkit; the second is downloaded when first asked for, checked and cached
 * (see {@link Download}).
 */
public final class Datasets {
    private static final Map<String, ColumnType> TIMES =
            Map.of("number", ColumnType.DOUBLE, "date", ColumnType.LOCAL_DATE, "date-time", ColumnType.LOCAL_DATE_TIME);

    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss"); // Tablesaw tries eight others first

    private Datasets() {}

    /** Fisher's iris: 150 flowers, four lengths in cm, three species. */
    public static Dataset iris() {
        return shipped("iris");
    }

    /** Wine: 178 wines, 13 chemical measurements, three cultivars. */
    public static Dataset wine() {
        return shipped("wine");
    }

    /** Breast cancer Wisconsin (diagnostic): 569 masses, 30 features of cell nuclei, malignant (0) or benign (1). */
    public static Dataset breastCancer() {
        return shipped("breast-cancer");
    }

    /** Diabetes: 442 patients, ten baseline variables in raw units (sex is 1 or 2), disease progression after a year. */
    public static Dataset diabetes() {
        return shipped("diabetes");
    }

    /** Handwritten digits: 1,797 images of 8x8 pixels from 0 to 16, row by row ({@code p00} is the top left). */
    public static Dataset digits() {
        return shipped("digits");
    }

    /** Yearly sunspot number 1700-2008, version 1.0 of the series; {@code year} is a column of the table. */
    public static Dataset sunspots() {
        return shipped("sunspots");
    }

    /** Weekly CO2 at Mauna Loa 1958-2001 in ppm; 59 of 2,284 weeks are missing ({@link Dataset#interpolateMissing}). */
    public static Dataset co2() {
        return shipped("co2");
    }

    /** Daily closing DAX, SMI, CAC and FTSE, 1,860 business days 1991-1998; {@code year} is a decimal year. */
    public static Dataset euStocks() {
        return shipped("eu-stocks");
    }

    /** International airline passengers by month 1949-1960, in thousands. */
    public static Dataset airlinePassengers() {
        return shipped("airline-passengers");
    }

    /** Moby-Dick, chapters 1-135 and the epilogue: 1.19 MB of English prose. */
    public static Text mobyDick() {
        Manifest.Entry entry = Manifest.shipped("moby-dick");
        return new Text(entry.name(), new String(Manifest.bytes(entry), StandardCharsets.UTF_8), entry.source());
    }

    /**
     * The training runs of Figure 4 of the Chinchilla paper as read off by Besiroglu et al.: columns {@code params} (N), {@code tokens}
     * (D = C / 6N), {@code flops} (C) and {@code loss}, 245 rows.
     *
     * @see <a href="https://arxiv.org/abs/2404.10102">Besiroglu et al. (2024), Chinchilla Scaling: A replication attempt</a>
     */
    public static Table chinchilla() {
        Table read = csv(text(Manifest.download("chinchilla-figure4")), Map.of("hex_color", ColumnType.STRING, "color", ColumnType.STRING));
        DoubleColumn params = read.doubleColumn("Model Size").copy().setName("params");
        DoubleColumn flops = read.doubleColumn("Training FLOP").copy().setName("flops");
        DoubleColumn tokens = flops.divide(params.multiply(6)).setName("tokens");
        return Table.create("chinchilla", params, tokens, flops, read.doubleColumn("loss").copy());
    }

    /** Tiny Shakespeare: 1,115,394 characters of the plays. */
    public static Text tinyShakespeare() {
        Manifest.Entry entry = Manifest.download("tinyshakespeare");
        return new Text(entry.name(), text(entry), entry.source());
    }

    /** Electricity transformer temperature, station 1: 17,420 hours, six loads and the oil temperature {@code OT}. */
    public static Dataset etth1() {
        Manifest.Entry entry = Manifest.download("etth1");
        return dataset(entry, text(entry));
    }

    /** The 60,000 training digits of MNIST: images of 28x28 grey levels and their labels. */
    public static Images mnistTrain() {
        return mnist("mnist-train");
    }

    /** The 10,000 test digits of MNIST: images of 28x28 grey levels and their labels. */
    public static Images mnistTest() {
        return mnist("mnist-test");
    }

    /**
     * The set in a CSV file with a header: the features are its numeric columns, {@code target} one of its columns; see
     * {@link Dataset#of}.
     */
    public static Dataset csv(Path file, String target) {
        if (!Files.isReadable(file)) throw new UncheckedIOException(new NoSuchFileException(file.toString(), null, "there is no such file to read"));
        Table table = Table.read().csv(file.toFile());
        return Dataset.of(file.getFileName().toString(), table, target);
    }

    private static Images mnist(String name) {
        Manifest.Entry images = Manifest.download(name + "-images");
        Tensor pixels = Idx.read(Download.standard().get(images.remote()));
        Tensor labels = Idx.read(Download.standard().get(Manifest.download(name + "-labels").remote()));
        return Images.ofBytes(name, pixels.unsqueeze(1), labels, images.list("classes"), images.source());
    }

    private static Dataset shipped(String name) {
        Manifest.Entry entry = Manifest.shipped(name);
        return dataset(entry, new String(Manifest.bytes(entry), StandardCharsets.UTF_8));
    }

    private static Dataset dataset(Manifest.Entry entry, String csv) {
        String target = entry.textOr("target", null);
        String time = entry.textOr("time", null);
        List<String> classes = entry.list("classes");
        Map<String, ColumnType> types = new HashMap<>();
        if (!classes.isEmpty()) types.put(target, ColumnType.STRING);
        if (time != null) types.put(time, TIMES.get(entry.text("time-type")));
        Table table = csv(csv, types);
        List<String> features = table.columnNames().stream().filter(c -> !c.equals(target) && !c.equals(time)).toList();
        return new Dataset(entry.name(), table, features, target, classes, entry.source());
    }

    /** Reads a CSV whose columns hold doubles but for those in {@code types}; guessing would depend on the rows that are sampled. */
    private static Table csv(String csv, Map<String, ColumnType> types) {
        Function<String, ColumnType> type = name -> types.getOrDefault(name, ColumnType.DOUBLE);
        return Table.read().usingOptions(CsvReadOptions.builder(new StringReader(csv)).columnTypes(type).dateTimeFormat(DATE_TIME));
    }

    private static String text(Manifest.Entry download) {
        Path path = Download.standard().get(download.remote());
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }
}
