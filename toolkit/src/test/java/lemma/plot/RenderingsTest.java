package lemma.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import javax.imageio.ImageIO;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** The PNG and the Plotly JSON of one description show the same things at the same places. */
class RenderingsTest {
    private static final Gson GSON = new GsonBuilder().serializeNulls().create();
    private static final double[] TOKENS = {1e7, 1e8, 1e9, 1e10};
    private static final double[] LOSS = {6.2, 4.1, 2.9, 2.3};
    private static final Figure SCALING = Figure.of("Loss against data").xLog("training tokens").y("loss (nats)").scatter("runs", TOKENS, LOSS);

    @Test
    void drawsEachPointInItsColourWhereTheJsonPutsIt() {
        JsonObject json = json(SCALING);
        BufferedImage image = SCALING.image();
        for (int i = 0; i < TOKENS.length; i++) {
            double[] pixel = pixelOfJson(json, Math.log10(TOKENS[i]), LOSS[i], image);
            assertThat(at(image, pixel[0], pixel[1])).as("point %d", i).isEqualTo(Palette.series(0));
            assertThat(at(image, pixel[0], pixel[1] - 24)).as("above point %d", i).isNotEqualTo(Palette.series(0));
        }
    }

    @Property(tries = 30)
    void aSinglePointLiesWhereTheAxisRangesSay(@ForAll @DoubleRange(min = 0.05, max = 0.95) double fx, @ForAll @DoubleRange(min = 0.05, max = 0.95) double fy) {
        Figure figure = Figure.of("").x("x").y("y").xRange(-3, 5).yRange(10, 30).scatter("", new double[] {-3 + 8 * fx}, new double[] {10 + 20 * fy});
        BufferedImage image = figure.image();
        double[] centre = centreOf(image, Palette.series(0));
        double[] expected = pixelOfJson(json(figure), -3 + 8 * fx, 10 + 20 * fy, image);
        assertThat(centre[0]).isCloseTo(expected[0], within(0.6));
        assertThat(centre[1]).isCloseTo(expected[1], within(0.6));
    }

    @Test
    void breaksALineAtNaNInBoth() {
        Figure figure = Figure.of("").xRange(0, 4).yRange(0, 2).line("", new double[] {0, 1, 2, 3, 4}, new double[] {1, 1, Double.NaN, 1, 1});
        BufferedImage image = figure.image();
        JsonObject json = json(figure);
        assertThat(at(image, pixelOfJson(json, 0.5, 1, image))).isEqualTo(Palette.series(0));
        assertThat(at(image, pixelOfJson(json, 3.5, 1, image))).isEqualTo(Palette.series(0));
        assertThat(at(image, pixelOfJson(json, 1.7, 1, image))).isNotEqualTo(Palette.series(0));
        assertThat(trace(json, 0).getAsJsonArray("y").get(2).isJsonNull()).isTrue();
    }

    @Test
    void fillsABandBetweenItsEdgesInTheColourOfTheLineBefore() {
        double[] x = {0, 1, 2};
        Figure figure = Figure.of("").xRange(0, 2).yRange(0, 10).line("fit", x, new double[] {9, 9, 9}).band("95 %", x, new double[] {2, 2, 2}, new double[] {6, 6, 6});
        BufferedImage image = figure.image();
        JsonObject json = json(figure);
        Color inside = at(image, pixelOfJson(json, 0.8, 4.4, image));
        assertThat(inside).isEqualTo(blend(Palette.series(0), Layer.Band.OPACITY));
        assertThat(at(image, pixelOfJson(json, 0.8, 7.2, image))).isEqualTo(Color.WHITE);
        assertThat(trace(json, 0).get("fillcolor").getAsString()).isEqualTo("rgba(0,114,178,0.2)");
        assertThat(trace(json, 0).get("name").getAsString()).isEqualTo("95 %");
        assertThat(trace(json, 1).get("legendrank").getAsInt()).as("the line is drawn above the band, yet listed first").isLessThan(trace(json, 0).get("legendrank").getAsInt());
    }

    @Test
    void drawsErrorBarsToTheirEndsAndCutsThemOnALogAxis() {
        Figure figure = Figure.of("").xRange(0, 2).yLog("error").errorBars("runs", new double[] {1}, new double[] {1}, new double[] {3}).yRange(0.1, 10);
        BufferedImage image = figure.image();
        JsonObject json = json(figure);
        assertThat(at(image, pixelOfJson(json, 1, Math.log10(3.5), image))).isEqualTo(Palette.series(0));
        assertThat(at(image, pixelOfJson(json, 1, Math.log10(0.2), image))).isEqualTo(Palette.series(0));
        assertThat(at(image, pixelOfJson(json, 1, Math.log10(5), image))).isNotEqualTo(Palette.series(0));
        JsonObject errors = trace(json, 0).getAsJsonObject("error_y");
        assertThat(errors.getAsJsonArray("array").get(0).getAsDouble()).isEqualTo(3);
        assertThat(errors.getAsJsonArray("arrayminus").get(0).getAsDouble()).isEqualTo(3);
    }

    @Test
    void givesPlotlyTheSameTicksAndRanges() {
        Layout layout = Layout.of(SCALING);
        JsonObject axis = json(SCALING).getAsJsonObject("layout").getAsJsonObject("xaxis");
        Box box = layout.boxes().getFirst();
        assertThat(axis.get("type").getAsString()).isEqualTo("log");
        assertThat(axis.getAsJsonArray("range").get(0).getAsDouble()).isCloseTo(Math.log10(box.x().lo()), within(1e-12));
        assertThat(axis.getAsJsonArray("range").get(1).getAsDouble()).isCloseTo(Math.log10(box.x().hi()), within(1e-12));
        assertThat(box.xTicks().major()).extracting(Ticks.Tick::label).containsExactly("10<sup>7</sup>", "10<sup>8</sup>", "10<sup>9</sup>", "10<sup>10</sup>");
        assertThat(axis.get("nticks").getAsInt()).isEqualTo(box.xTicks().hint());
        JsonObject few = json(Figure.of("").xLog("rate").line("", new double[] {0.01, 0.3}, new double[] {1, 2})).getAsJsonObject("layout").getAsJsonObject("xaxis");
        assertThat(few.getAsJsonArray("ticktext")).extracting(JsonElement::getAsString).containsExactly("0.01", "0.02", "0.05", "0.1", "0.2");
    }

    @Test
    void writesTitlesAsObjectsAsPlotly3Needs() {
        JsonObject layout = json(SCALING).getAsJsonObject("layout");
        assertThat(layout.getAsJsonObject("title").get("text").getAsString()).isEqualTo("<b>Loss against data</b>");
        assertThat(layout.getAsJsonObject("xaxis").getAsJsonObject("title").get("text").getAsString()).isEqualTo("training tokens");
        assertThat(layout.getAsJsonObject("yaxis").getAsJsonObject("title").get("text").getAsString()).isEqualTo("loss (nats)");
        JsonObject odd = json(Figure.of("a < b & c<sub>0</sub>").line("<script>", TOKENS, LOSS));
        assertThat(odd.getAsJsonObject("layout").getAsJsonObject("title").get("text").getAsString()).isEqualTo("<b>a &lt; b &amp; c<sub>0</sub></b>");
        assertThat(trace(odd, 0).get("name").getAsString()).isEqualTo("&lt;script&gt;");
    }

    @Test
    void putsTheLegendWhereItCoversNothing() {
        double[] x = {0, 1, 2, 3, 4};
        Figure rising = Figure.of("").x("x").y("y").line("rising", x, x);
        Legend legend = Layout.of(rising).boxes().getFirst().legend();
        assertThat(List.of(legend.anchorX(), legend.anchorY())).as("upper left").containsExactly(0.0, 0.0);
        JsonObject json = json(rising).getAsJsonObject("layout").getAsJsonObject("legend");
        assertThat(json.get("xanchor").getAsString() + json.get("yanchor").getAsString()).isEqualTo("lefttop");
        double[] dense = new double[4000];
        Arrays.setAll(dense, i -> i);
        double[] everywhere = Arrays.stream(dense).map(i -> (i * 0.618034) % 1).toArray();
        Layout full = Layout.of(Figure.of("").scatter("cloud", dense, everywhere));
        assertThat(full.boxes().getFirst().legend()).isNull();
        assertThat(full.legend().x()).as("beside the axes").isGreaterThan(full.boxes().getFirst().plot().right());
    }

    @Test
    void sharesOneLegendAndRangesAmongLikePanels() {
        Figure low = Figure.of("low").line("train", TOKENS, LOSS).line("test", TOKENS, LOSS);
        Figure high = Figure.of("high").line("train", TOKENS, new double[] {60, 50, 40, 30}).line("test", TOKENS, LOSS);
        JsonObject json = json(Figure.grid("Both", 2, low, high).sharedY());
        JsonObject layout = json.getAsJsonObject("layout");
        assertThat(layout.getAsJsonObject("yaxis").get("range")).isEqualTo(layout.getAsJsonObject("yaxis2").get("range"));
        assertThat(json.getAsJsonArray("data")).extracting(t -> t.getAsJsonObject().get("showlegend").getAsBoolean()).containsExactly(true, true, false, false);
        assertThat(trace(json, 3).get("xaxis").getAsString()).isEqualTo("x2");
        assertThat(layout.has("legend2")).isFalse();
    }

    @Test
    void hasTwoPixelsToAPointAndSaysSo() throws Exception {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(SCALING.size(300, 200).png()));
        assertThat(List.of(image.getWidth(), image.getHeight())).containsExactly(600, 400);
        assertThat(new String(SCALING.png(), StandardCharsets.ISO_8859_1)).contains("pHYs");
    }

    @Test
    void coloursEachCellOfAHeatMapByItsValueInBoth() {
        double[] x = {1, 10, 100};
        double[] y = {0, 1};
        double[][] z = {{0, 5, 10}, {Double.NaN, 2.5, 7.5}};
        Figure figure = Figure.of("").xLog("x").y("y").heatMap("loss (nats)", x, y, z);
        BufferedImage image = figure.image();
        JsonObject json = json(figure);
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                Color expected = Double.isNaN(z[i][j]) ? Palette.MISSING : Colormap.VIRIDIS.at(z[i][j] / 10);
                assertThat(at(image, pixelOfJson(json, Math.log10(x[j]) + 0.4, y[i] - 0.4, image))).as("row %d column %d", i, j).isEqualTo(expected);
            }
        }
        JsonObject trace = trace(json, 0);
        assertThat(trace.get("z")).hasToString("[[0.0,5.0,10.0],[null,2.5,7.5]]");
        assertThat(trace.getAsJsonArray("x")).extracting(e -> Math.round(1000 * Math.log10(e.getAsDouble()))).containsExactly(-500L, 500L, 1500L, 2500L);
        assertThat(trace.get("zmax").getAsDouble()).isEqualTo(10);
        JsonObject bar = trace.getAsJsonObject("colorbar");
        assertThat(json.getAsJsonObject("layout").getAsJsonArray("annotations").get(0).getAsJsonObject().get("text").getAsString()).isEqualTo("loss (nats)");
        assertThat(at(image, (bar.get("x").getAsDouble() * image.getWidth()) + 10, (1 - bar.get("y").getAsDouble()) * image.getHeight() - 1)).isEqualTo(Colormap.VIRIDIS.at(0));
    }

    @Test
    void usesTheColoursOfViridis() {
        assertThat(Colormap.VIRIDIS.at(0)).isEqualTo(new Color(68, 1, 84));
        assertThat(Colormap.VIRIDIS.at(0.5)).isEqualTo(new Color(33, 145, 140));
        assertThat(Colormap.VIRIDIS.at(1)).isEqualTo(new Color(253, 231, 37));
    }

    @Test
    void putsTheFirstNamedRowOnTop() {
        String[] classes = {"cat", "dog"};
        Figure figure = Figure.of("").x("predicted").y("true").heatMap("share", classes, new String[] {"cat", "dog", "none"}, new double[][] {{1, 0, 0}, {0, 0.5, 0.5}}).zRange(0, 1);
        BufferedImage image = figure.image();
        JsonObject json = json(figure);
        assertThat(at(image, pixelOfJson(json, 0, 0, image))).isEqualTo(Colormap.VIRIDIS.at(1));
        assertThat(pixelOfJson(json, 0, 0, image)[1]).isLessThan(pixelOfJson(json, 0, 1, image)[1]);
        assertThat(json.getAsJsonObject("layout").getAsJsonObject("yaxis").getAsJsonArray("ticktext")).extracting(JsonElement::getAsString).containsExactly("cat", "dog");
    }

    @Test
    void fillsBetweenLevelsInBoth() {
        double[] at = {-1, -0.5, 0, 0.5, 1};
        double[][] z = new double[5][5];
        for (int i = 0; i < 5; i++) Arrays.setAll(z[i], j -> at[j]);
        Figure figure = Figure.of("").filledContour("x", at, at, z, -0.3, 0.4);
        BufferedImage image = figure.image();
        JsonObject json = json(figure);
        assertThat(at(image, pixelOfJson(json, -0.6, 0.1, image))).isEqualTo(Colormap.VIRIDIS.at(0));
        assertThat(at(image, pixelOfJson(json, -0.2, 0.1, image))).isEqualTo(Colormap.VIRIDIS.at(0.5));
        assertThat(at(image, pixelOfJson(json, 0.5, 0.1, image))).isEqualTo(Colormap.VIRIDIS.at(1));
        assertThat(trace(json, 2).get("fillcolor").getAsString()).isEqualTo("#fde725");
        double leftmost = trace(json, 2).getAsJsonArray("x").asList().stream().mapToDouble(JsonElement::getAsDouble).min().orElseThrow();
        assertThat(leftmost).isCloseTo(0.4, within(1e-12));
    }

    @Test
    void drawsContourLinesOfAPowerLawWhereTheyBelongOnLogAxes() {
        double[] at = {1, 10, 100, 1000};
        double[][] z = new double[4][4];
        for (int i = 0; i < 4; i++) {
            int row = i;
            Arrays.setAll(z[i], j -> Math.log10(at[row]) + Math.log10(at[j]));
        }
        JsonObject line = trace(json(Figure.of("").xLog("n").yLog("d").contour("", at, at, z, 2.5)), 0);
        for (int i = 0; i < line.getAsJsonArray("x").size(); i++) {
            assertThat(line.getAsJsonArray("x").get(i).getAsDouble() * line.getAsJsonArray("y").get(i).getAsDouble()).isCloseTo(Math.pow(10, 2.5), within(1e-9));
        }
    }

    @Test
    void standsBarsOfTwoSeriesSideBySide() {
        String[] models = {"a", "b"};
        Figure figure = Figure.of("").y("score").bars("small", models, new double[] {1, 2}).bars("large", models, new double[] {3, -1});
        BufferedImage image = figure.image();
        JsonObject json = json(figure);
        assertThat(at(image, pixelOfJson(json, -0.2, 0.5, image))).isEqualTo(Palette.series(0));
        assertThat(at(image, pixelOfJson(json, 0.2, 2.5, image))).isEqualTo(Palette.series(1));
        assertThat(at(image, pixelOfJson(json, 1.2, -0.5, image))).isEqualTo(Palette.series(1));
        assertThat(at(image, pixelOfJson(json, -0.2, 2.5, image))).isNotEqualTo(Palette.series(0));
        assertThat(trace(json, 1).get("x")).hasToString("[0.2,1.2]");
        assertThat(trace(json, 1).getAsJsonArray("width")).allSatisfy(w -> assertThat(w.getAsDouble()).isCloseTo(0.4, within(1e-12)));
        assertThat(json.getAsJsonObject("layout").getAsJsonObject("xaxis").getAsJsonArray("ticktext")).hasSize(2);
    }

    @Test
    void countsEveryValueOfAHistogramOnce() {
        JsonObject bars = trace(json(Figure.of("").x("value").histogram("", new double[] {0, 0.1, 0.5, 0.99, 1}, 2)), 0);
        assertThat(bars.get("y")).hasToString("[2.0,3.0]");
        assertThat(bars.get("x")).hasToString("[0.25,0.75]");
        JsonObject ratios = trace(json(Figure.of("").xLog("value").histogram("", new double[] {1, 5, 20, 100}, 2)), 0);
        assertThat(ratios.get("y")).hasToString("[2.0,2.0]");
    }

    static JsonObject json(Figure figure) {
        Map<String, Object> plotly = figure.plotly();
        return GSON.toJsonTree(plotly).getAsJsonObject();
    }

    static JsonObject trace(JsonObject json, int index) {
        return json.getAsJsonArray("data").get(index).getAsJsonObject();
    }

    /** Where a browser would draw ({@code x}, {@code y}), given as axis coordinates (log10 on a log axis), from the JSON alone. */
    static double[] pixelOfJson(JsonObject json, double x, double y, BufferedImage image) {
        JsonObject layout = json.getAsJsonObject("layout");
        return new double[] {fraction(layout.getAsJsonObject("xaxis"), x) * image.getWidth(), (1 - fraction(layout.getAsJsonObject("yaxis"), y)) * image.getHeight()};
    }

    private static double fraction(JsonObject axis, double value) {
        JsonArray range = axis.getAsJsonArray("range");
        JsonArray domain = axis.getAsJsonArray("domain");
        double t = (value - range.get(0).getAsDouble()) / (range.get(1).getAsDouble() - range.get(0).getAsDouble());
        return domain.get(0).getAsDouble() + t * (domain.get(1).getAsDouble() - domain.get(0).getAsDouble());
    }

    static Color at(BufferedImage image, double... pixel) {
        return new Color(image.getRGB((int) Math.floor(pixel[0]), (int) Math.floor(pixel[1])));
    }

    private static Color blend(Color color, double opacity) {
        return new Color(mix(color.getRed(), opacity), mix(color.getGreen(), opacity), mix(color.getBlue(), opacity));
    }

    private static int mix(int channel, double opacity) {
        return (int) Math.round(255 + opacity * (channel - 255));
    }

    private static double[] centreOf(BufferedImage image, Color color) {
        double sumX = 0;
        double sumY = 0;
        int n = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if (image.getRGB(x, y) != color.getRGB()) continue;
                sumX += x + 0.5;
                sumY += y + 0.5;
                n++;
            }
        }
        return new double[] {sumX / n, sumY / n};
    }
}
