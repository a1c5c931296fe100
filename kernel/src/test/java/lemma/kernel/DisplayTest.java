package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import lemma.kernel.KernelProcess.Answer;
import lemma.kernel.wire.Message;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DisplayTest {
    private static KernelProcess kernel;

    @BeforeAll
    static void start() throws Exception {
        kernel = new KernelProcess("-Xmx1g");
    }

    @AfterAll
    static void stop() throws Exception {
        kernel.close();
    }

    private static String id(Message message) {
        return message.content().getAsJsonObject("transient").get("display_id").getAsString();
    }

    @Test
    void displaysAndUpdates() throws Exception {
        Answer answer = kernel.execute("String id = display(\"one\");\nupdateDisplay(id, \"two\");");
        assertThat(answer.types()).containsExactly("display_data", "update_display_data");
        assertThat(id(answer.published("update_display_data").getFirst())).isEqualTo(id(answer.published("display_data").getFirst()));
        assertThat(answer.data("update_display_data").get("text/plain").getAsString()).isEqualTo("two");
    }

    @Test
    void theIdOfADisplayIsNoResult() throws Exception {
        assertThat(kernel.execute("display(1)").types()).containsExactly("display_data");
    }

    @Test
    void displaysTextAsAnyType() throws Exception {
        assertThat(kernel.execute("display(\"<b>x</b>\", \"text/html\");").data("display_data").toString())
                .isEqualTo("{\"text/html\":\"<b>x</b>\",\"text/plain\":\"<b>x</b>\"}");
        assertThat(kernel.execute("display(1, \"image/png\");").traceback()).contains("a java.lang.Integer has no form image/png; it has text/plain");
    }

    @Test
    void carriesTenMegabytes() throws Exception {
        String html = kernel.execute("display(\"<b>\" + \"x\".repeat(10_000_000) + \"</b>\", \"text/html\");").data("display_data").get("text/html").getAsString();
        assertThat(html).hasSize(10_000_007).startsWith("<b>xx").endsWith("x</b>");
    }

    @Test
    void rendersWithoutShowing() throws Exception {
        assertThat(kernel.execute("render(5).data().get(\"text/plain\")").result()).isEqualTo("5");
    }

    @Test
    void clearsOutput() throws Exception {
        JsonObject content = kernel.execute("clearOutput(true);").published("clear_output").getFirst().content();
        assertThat(content.get("wait").getAsBoolean()).isTrue();
    }

    @Test
    void libraryCodeShowsThroughTheSink() throws Exception {
        Answer answer = kernel.execute("import lemma.display.*;\nString shown = Display.show(Bundle.text(\"0 %\").with(Bundle.HTML, \"<i>0</i>\"));\n"
                + "Display.update(shown, Bundle.text(\"100 %\"));");
        assertThat(answer.types()).containsExactly("display_data", "update_display_data");
        assertThat(answer.data("display_data").get("text/html").getAsString()).isEqualTo("<i>0</i>");
        assertThat(answer.data("update_display_data").get("text/plain").getAsString()).isEqualTo("100 %");
    }

    @Test
    void aRichValueIsShownInItsForms() throws Exception {
        Answer answer = kernel.execute("record Circle(int r) implements lemma.display.Rich { public lemma.display.Bundle bundle() { return "
                + "lemma.display.Bundle.of(\"image/svg+xml\", \"<svg/>\").with(\"application/json\", Map.of(\"r\", r)); } }\nnew Circle(3)");
        assertThat(answer.data("execute_result").toString())
                .isEqualTo("{\"image/svg+xml\":\"<svg/>\",\"application/json\":{\"r\":3},\"text/plain\":\"Circle[r=3]\"}");
    }

    @Test
    void anErrorWhileRenderingIsTheCellsError() throws Exception {
        assertThat(kernel.execute("new Object() { public String toString() { throw new IllegalStateException(\"broken\"); } }").traceback())
                .startsWith("java.lang.IllegalStateException: broken");
    }

    @Test
    void aRegisteredRendererIsUsed() throws Exception {
        kernel.execute("registerRenderer(java.time.DayOfWeek.class, d -> lemma.display.Bundle.text(\"day \" + d.getValue()));");
        assertThat(kernel.execute("java.time.DayOfWeek.TUESDAY").result()).isEqualTo("day 2");
    }

    @Test
    void aRendererForNumbersIsUsed() throws Exception {
        kernel.execute("registerRenderer(Short.class, n -> lemma.display.Bundle.text(\"short \" + n));");
        assertThat(kernel.execute("(short) 3").result()).isEqualTo("short 3");
    }

    @Test
    void aFigureIsLiveAndStill() throws Exception {
        JsonObject data = kernel.execute("Figure.of(\"loss\").x(\"step\").y(\"loss\").line(\"a\", new double[] {1, 2}, new double[] {3, 4})")
                .data("execute_result");
        assertThat(data.keySet()).containsExactlyInAnyOrder("application/vnd.plotly.v1+json", "image/png", "text/plain");
        assertThat(data.getAsJsonObject("application/vnd.plotly.v1+json").keySet()).contains("data", "layout");
    }

    @Test
    void aFigureGrowsDuringTraining() throws Exception {
        Answer answer = kernel.execute("""
                Tensor x = Random.seed(1).normal(64, 3), y = x.sum(1).reshape(64, 1);
                Model net = Linear.of(3, 1).init(Random.seed(2));
                String live = display("no step yet");
                double[] losses = {};
                for (int epoch = 0; epoch < 3; epoch++) {
                    History part = Trainer.of(net, Sgd.of(0.05)).loss(Losses::mse).epochs(1).quiet().fit(x, y);
                    net = part.model();
                    losses = DoubleStream.concat(Arrays.stream(losses), Arrays.stream(part.losses())).toArray();
                    double[] steps = IntStream.range(0, losses.length).asDoubleStream().toArray();
                    updateDisplay(live, Figure.of("training").line("loss", steps, losses));
                }""");
        assertThat(answer.status()).as(() -> answer.traceback()).isEqualTo("ok");
        assertThat(answer.types()).containsExactly("display_data", "update_display_data", "update_display_data", "update_display_data");
        assertThat(answer.published("update_display_data")).allMatch(update -> id(update).equals(id(answer.published("display_data").getFirst())))
                .allMatch(update -> update.content().getAsJsonObject("data").has("image/png"));
    }

    @Test
    void nestedBarsAreOnePlaceAndLeaveOneBar() throws Exception {
        Answer answer = kernel.execute("""
                try (var outer = new lemma.train.Progress("sweep", 2)) {
                    for (int i = 1; i <= 2; i++) {
                        try (var inner = new lemma.train.Progress("training", 100)) {
                            for (int step = 1; step <= 100; step++) {
                                inner.at(step, "loss <1>");
                                Thread.sleep(3);
                            }
                        }
                        outer.at(i, "best");
                    }
                }""");
        assertThat(answer.published("display_data")).hasSize(1);
        List<String> pages = answer.published("update_display_data").stream()
                .map(update -> update.content().getAsJsonObject("data").get("text/html").getAsString()).toList();
        assertThat(pages).as("200 steps in 0.6 s or more, ten pictures a second").hasSizeBetween(3, 199);
        assertThat(pages).anyMatch(page -> page.split("<progress ").length == 3 && page.contains("loss &lt;1&gt;"));
        assertThat(pages.getLast()).containsOnlyOnce("<progress ").contains("sweep", "100% 2/2").doesNotContain("training");
    }

    @Test
    void coloursOfATerminalArriveAsPrinted() throws Exception {
        assertThat(kernel.execute("System.out.print(\"\\u001b[31mred\\u001b[0m\")").stream("stdout")).isEqualTo("\u001b[31mred\u001b[0m");
    }

    @Test
    void aLargeArrayIsShownByItsEnds() throws Exception {
        assertThat(kernel.execute("new float[1_000_000]").result()).startsWith("[0.0, 0.0, ").endsWith("] (1000000 elements)").hasSizeLessThan(300);
    }

    @Test
    void anImageIsShownAsPng() throws Exception {
        Answer answer = kernel.execute("var image = new java.awt.image.BufferedImage(7, 5, java.awt.image.BufferedImage.TYPE_INT_RGB);\n"
                + "image.setRGB(2, 3, 0x336699);\nimage");
        byte[] png = Base64.getDecoder().decode(answer.data("execute_result").get("image/png").getAsString());
        var back = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(new int[] {back.getWidth(), back.getHeight(), back.getRGB(2, 3) & 0xFFFFFF}).containsExactly(7, 5, 0x336699);
    }

    @Test
    void aTableIsShownAsHtmlWithBothEnds() throws Exception {
        Answer answer = kernel.execute("Table.create(\"squares\", IntColumn.create(\"n\", IntStream.range(0, 100_000).toArray()), "
                + "StringColumn.create(\"word\", Collections.nCopies(100_000, \"a<b\")))");
        String html = answer.data("execute_result").get("text/html").getAsString();
        assertThat(html).containsPattern("<th>n<br>.*<th>word<br>").contains("<td>9</td><td>a&lt;b</td>", "<td>99999</td>", "100000 rows x 2 columns")
                .hasSizeLessThan(3000);
    }

    @Test
    void mapsAndRecordsAreTables() throws Exception {
        Answer map = kernel.execute("new TreeMap<>(Map.of(\"a<b\", 1, \"c\", 2))");
        assertThat(map.data("execute_result").get("text/html").getAsString()).contains("<tr><td>a&lt;b</td><td>1</td></tr>\n<tr><td>c</td><td>2</td></tr>");
        Answer records = kernel.execute("record Run(double rate, String name) { }\nList.of(new Run(0.1, \"x\"), new Run(0.2, \"y\"))");
        assertThat(records.data("execute_result").get("text/html").getAsString()).contains("<th>rate</th><th>name</th>", "<tr><td>0.2</td><td>y</td></tr>");
        assertThat(records.result()).isEqualTo("[Run[rate=0.1, name=x], Run[rate=0.2, name=y]]");
        assertThat(kernel.execute("List.of(1, 2)").data("execute_result").has("text/html")).isFalse();
        assertThat(kernel.execute("IntStream.range(0, 1000).mapToObj(i -> new Run(i, \"\")).toList()").data("execute_result").get("text/html").getAsString())
                .contains("the first 50 of 1000 rows").hasSizeLessThan(5000);
    }

    @Test
    void aHistoryIsShownAsCurves() throws Exception {
        Answer answer = kernel.execute("new lemma.train.History(null, new double[] {3, 2, 1}, List.of(new lemma.train.History.Evaluation(3, "
                + "Map.of(\"val_loss\", 1.5, \"accuracy\", 0.9, \"learning_rate\", 0.1))), 3, 0.2)");
        JsonObject data = answer.data("execute_result");
        assertThat(data.get("text/plain").getAsString()).startsWith("3 steps in 0.2 s").contains("val_loss", "0.9");
        assertThat(data.get("application/vnd.plotly.v1+json").toString()).contains("each step", "validation", "accuracy").doesNotContain("learning_rate");
        assertThat(data.has("image/png")).isTrue();
    }

    @Test
    void tensorsAndModelsAreShownAsHtmlToo() throws Exception {
        assertThat(kernel.execute("Random.seed(1).normal(4, 3)").data("execute_result").get("text/html").getAsString()).contains("FLOAT32 [4, 3]", "<img");
        assertThat(kernel.execute("Random.seed(1).normal(4, 3).array()").data("execute_result").get("text/html").getAsString())
                .contains("<b>INDArray FLOAT [4, 3]</b> min", "<img").doesNotContain("Tensor");
        assertThat(kernel.execute("Datasets.iris()").data("execute_result").get("text/html").getAsString()).contains("Iris flowers", "<th>species<br><small", "string");
        assertThat(kernel.execute("Linear.of(4, 3).init(Random.seed(1))").data("execute_result").get("text/html").getAsString()).contains("15 parameters");
        assertThat(kernel.execute("org.nd4j.linalg.factory.Nd4j.ones(2, 3)").data("execute_result").get("text/html").getAsString()).contains("min 1, mean 1, max 1");
    }

    @Test
    void anArrayOfNd4jShowsItsShape() throws Exception {
        assertThat(kernel.execute("org.nd4j.linalg.factory.Nd4j.ones(2, 3)").result()).startsWith("INDArray FLOAT [2, 3]\n").contains("1.0000");
        assertThat(kernel.execute("org.nd4j.linalg.factory.Nd4j.zeros(1000, 1000)").result()).startsWith("INDArray FLOAT [1000, 1000]").hasSizeLessThan(2000);
    }

    @Test
    void aFigureOfTablesawIsPlotlyJson() throws Exception {
        Answer answer = kernel.execute("tech.tablesaw.plotly.api.ScatterPlot.create(\"t\", Datasets.iris().table(), \"sepal_length\", \"petal_length\")");
        assertThat(answer.data("execute_result").keySet()).contains("application/vnd.plotly.v1+json", "image/png");
    }
}
