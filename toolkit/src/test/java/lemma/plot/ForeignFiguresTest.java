package lemma.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.Map;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;

import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.api.Histogram;
import tech.tablesaw.plotly.api.PiePlot;
import tech.tablesaw.plotly.api.ScatterPlot;
import tech.tablesaw.plotly.api.VerticalBarPlot;
import tech.tablesaw.plotly.components.Config;
import tech.tablesaw.plotly.components.Figure;
import tech.tablesaw.plotly.components.Layout;
import tech.tablesaw.plotly.traces.HeatmapTrace;
import tech.tablesaw.plotly.traces.PieTrace;
import tech.tablesaw.plotly.traces.ScatterTrace;

import lemma.display.Bundle;

class ForeignFiguresTest {
    /** Gson's own writer refuses NaN, so a tree that it can write is strict JSON. */
    private static final Gson STRICT = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private static final Table TABLE = Table.create("t", DoubleColumn.create("steps", 1, 2, Double.NaN, 4), DoubleColumn.create("the loss's log", 1.5, 4, 9, Double.POSITIVE_INFINITY),
        StringColumn.create("model", "a'b", "c\"d", "NaN", "f,{g:1}"));

    @Test
    void writesNullForWhatIsNoNumberAndObjectsForTitles() {
        JsonObject json = json(ScatterPlot.create("It's a loss", TABLE, "steps", "the loss's log"));
        JsonObject trace = json.getAsJsonArray("data").get(0).getAsJsonObject();
        assertThat(trace.get("x")).hasToString("[1.0,2.0,null,4.0]");
        assertThat(trace.get("y")).hasToString("[1.5,4.0,9.0,null]");
        assertThat(trace.get("mode").getAsString()).isEqualTo("markers");
        assertThat(json.getAsJsonObject("layout").getAsJsonObject("title").get("text").getAsString()).contains("s a loss");
        assertThat(json.getAsJsonObject("layout").getAsJsonObject("xaxis").getAsJsonObject("title").get("text").getAsString()).isEqualTo("steps");
    }

    @Test
    void keepsNamesThatLookLikeCode() {
        JsonObject trace = json(VerticalBarPlot.create("bars", TABLE, "model", "steps")).getAsJsonArray("data").get(0).getAsJsonObject();
        assertThat(trace.get("x")).hasToString("[\"a'b\",\"c\\\"d\",\"NaN\",\"f,{g:1}\"]");
        assertThat(trace.get("y")).hasToString("[1.0,2.0,null,4.0]");
    }

    @Test
    void readsPiesHeatMapsSeveralTracesAndTheConfiguration() {
        Figure pie = new Figure(PieTrace.builder(TABLE.stringColumn("model"), TABLE.doubleColumn("steps")).build());
        assertThat(json(pie).getAsJsonArray("data").get(0).getAsJsonObject().get("type").getAsString()).isEqualTo("pie");
        Figure heat = new Figure(HeatmapTrace.builder(new Object[] {"a", "b"}, new Object[] {1, 2}, new double[][] {{1, Double.NaN}, {3, 4}}).build());
        assertThat(json(heat).getAsJsonArray("data").get(0).getAsJsonObject().get("z")).hasToString("[[1.0,null],[3.0,4.0]]");
        ScatterTrace line = ScatterTrace.builder(new double[] {1, 2}, new double[] {3, 4}).mode(ScatterTrace.Mode.LINE).build();
        JsonObject two = json(new Figure(Layout.builder("two").build(), Config.builder().displayModeBar(false).build(), line, line));
        assertThat(two.getAsJsonArray("data")).hasSize(2);
        assertThat(two.getAsJsonObject("config").get("displayModeBar").getAsBoolean()).isFalse();
    }

    @Test
    void describesItselfInText() {
        Bundle bundle = ForeignFigures.bundle(ScatterPlot.create("Loss", TABLE, "steps", "the loss's log"));
        assertThat(bundle.plain()).isEqualTo("Plotly figure \"Loss\": [scatter]");
    }

    @Test
    void drawsPlainKindsAsPngAndLeavesTheOthersToPlotly() {
        HeatmapTrace heat = HeatmapTrace.builder(new Object[] {"a", "b"}, new Object[] {1, 2}, new double[][] {{1, Double.NaN}, {3, 4}}).build();
        assertThat(ForeignFigures.bundle(new Figure(heat)).data()).containsKey(Bundle.PNG);
        assertThat(ForeignFigures.bundle(ScatterPlot.create("Loss", TABLE, "steps", "the loss's log")).data()).containsKey(Bundle.PNG);
        assertThat(ForeignFigures.bundle(VerticalBarPlot.create("bars", TABLE, "model", "steps")).data()).containsKey(Bundle.PNG);
        assertThat(ForeignFigures.bundle(Histogram.create("h", TABLE, "steps")).data()).containsKey(Bundle.PNG);
        assertThat(ForeignFigures.bundle(PiePlot.create("pie", TABLE, "model", "steps")).data()).containsOnlyKeys(Bundle.TEXT, Bundle.PLOTLY);
    }

    @Test
    void saysWhyAFigureHasNoPng() {
        ScatterTrace nothing = ScatterTrace.builder(new double[] {1, 2}, new double[] {Double.NaN, Double.NaN}).build();
        Bundle bundle = ForeignFigures.bundle(new Figure(nothing));
        assertThat(bundle.data()).containsOnlyKeys(Bundle.TEXT, Bundle.PLOTLY);
        assertThat(bundle.plain()).contains("No PNG: Figure: no finite point");
    }

    @Test
    void drawsThePointsOfAScatterWhereTheyAre() {
        var plotly = ForeignFigures.bundle(ScatterPlot.create("It's loss < 1", TABLE, "steps", "the loss's log")).data().get(Bundle.PLOTLY);
        @SuppressWarnings("unchecked")
        var redrawn = ForeignDrawing.of((Map<String, Object>) plotly).orElseThrow();
        assertThat(redrawn.toString()).contains("It's loss < 1", "x steps: 1 to 4", "y the loss's log: 1.5 to 9", "4 points");
    }

    private static JsonObject json(Figure figure) {
        String text = STRICT.toJson(ForeignFigures.bundle(figure).data().get(Bundle.PLOTLY));
        JsonReader strict = new JsonReader(new StringReader(text));
        strict.setStrictness(Strictness.STRICT);
        return STRICT.fromJson(strict, JsonObject.class);
    }
}
