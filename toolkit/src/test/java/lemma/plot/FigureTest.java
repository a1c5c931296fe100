package lemma.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import lemma.display.Bundle;

class FigureTest {
    private static final double[] X = {1, 2, 3};
    private static final double[] Y = {10, 20, 40};

    @Test
    void refusesArraysOfDifferentLength() {
        assertThatThrownBy(() -> Figure.of("").scatter("runs", X, new double[] {1, 2})).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContainingAll("\"runs\"", "3 values of x", "2 of y");
        assertThatThrownBy(() -> Figure.of("").band("95 %", X, Y, new double[4])).hasMessageContainingAll("\"95 %\"", "3 values of x", "4 of hi");
    }

    @Test
    void drawsAFunctionAsTheLineOfItsValues() {
        assertThat(Figure.of("").line("square", X, v -> v * v).plotly()).isEqualTo(Figure.of("").line("square", X, new double[] {1, 4, 9}).plotly());
    }

    @Test
    void quotesTheValueThatALogAxisCannotShowWhicheverCallComesFirst() {
        double[] bad = {1, -3, 2};
        assertThatThrownBy(() -> Figure.of("").yLog("loss").line("fit", X, bad)).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("y of line \"fit\"", "-3.0", "index 1");
        assertThatThrownBy(() -> Figure.of("").line("fit", bad, Y).xLog("tokens")).hasMessageContainingAll("x of line \"fit\"", "-3.0", "index 1");
        assertThatThrownBy(() -> Figure.of("").yLog("loss").horizontal("floor", 0)).hasMessageContaining("0.0");
        assertThatThrownBy(() -> Figure.of("").yLog("loss").line("fit", X, Y).yRange(0, 5)).hasMessageContaining("lo is 0.0");
    }

    @Test
    void refusesAFigureWithNothingToDraw() {
        assertThatThrownBy(() -> Figure.of("Empty").png()).isInstanceOf(IllegalStateException.class).hasMessageContainingAll("\"Empty\"", "nothing to draw");
        double[] nan = {Double.NaN, Double.NaN, Double.NaN};
        assertThatThrownBy(() -> Figure.of("").line("diverged", X, nan).plotly()).isInstanceOf(IllegalStateException.class).hasMessageContaining("line \"diverged\"");
        assertThatThrownBy(() -> Figure.of("").line("wide", X, new double[] {-1e308, 0, 1e308}).plotly()).hasMessageContaining("too far apart");
    }

    @Test
    void refusesErrorsAndBandsTheWrongWayRound() {
        assertThatThrownBy(() -> Figure.of("").errorBars("runs", X, Y, new double[] {1, -2, 1})).hasMessageContainingAll("-2.0", "index 1");
        assertThatThrownBy(() -> Figure.of("").band("b", X, Y, X)).hasMessageContainingAll("lo 10.0", "hi 1.0", "index 0");
    }

    @Test
    void saysWhatIsWrongWithAGridOfValues() {
        double[][] z = {{1, 2, 3}, {4, 5, 6}};
        assertThatThrownBy(() -> Figure.of("").heatMap("", X, X, z)).hasMessageContainingAll("z has 2 rows", "3 values of y");
        assertThatThrownBy(() -> Figure.of("").contour("", new double[] {1, 2}, new double[] {1, 2}, z)).hasMessageContainingAll("row 0", "3 values", "2 of x");
        assertThatThrownBy(() -> Figure.of("").heatMap("", new double[] {1, 1, 2}, new double[] {1, 2}, z)).hasMessageContainingAll("x is 1.0 at index 1", "larger");
        assertThatThrownBy(() -> Figure.of("").contour("", X, new double[] {1, 2}, z, 3, 2)).hasMessageContaining("[3.0, 2.0]");
        assertThatThrownBy(() -> Figure.of("").contour("", X, new double[] {1, 2}, new double[2][3])).hasMessageContaining("all values of z are 0.0");
        assertThatThrownBy(() -> Figure.of("").xLog("").heatMap("", new double[] {-1, 1, 2}, new double[] {1, 2}, z)).hasMessageContaining("-1.0");
        assertThatThrownBy(() -> Figure.of("").line("", X, Y).diverging()).isInstanceOf(IllegalStateException.class).hasMessageContaining("right after a heatMap");
    }

    @Test
    void refusesBarsOverOtherPlacesAndHistogramsOfNaN() {
        Figure bars = Figure.of("").bars("a", new String[] {"x", "y"}, new double[] {1, 2});
        assertThatThrownBy(() -> bars.bars("b", new String[] {"x", "z"}, new double[] {1, 2})).hasMessageContainingAll("[x, z]", "[x, y]");
        assertThatThrownBy(() -> bars.xLog("")).hasMessageContaining("cannot be logarithmic");
        assertThatThrownBy(() -> bars.bars("b", new String[] {"x", "y"}, new double[] {1})).hasMessageContainingAll("2 places", "1 heights");
        assertThatThrownBy(() -> Figure.of("").histogram("h", new double[] {1, Double.NaN}, 3)).hasMessageContainingAll("NaN", "index 1");
        assertThatThrownBy(() -> Figure.of("").histogram("h", Y, 0)).hasMessageContaining("bins is 0");
    }

    @Test
    void addsNoSeriesToAGrid() {
        Figure one = Figure.of("a").line("", X, Y);
        assertThatThrownBy(() -> Figure.grid("", 2, one, one).line("late", X, Y)).isInstanceOf(IllegalStateException.class).hasMessageContaining("before they are put in the grid");
        assertThatThrownBy(() -> Figure.grid("", 0, one)).hasMessageContaining("columns is 0");
        assertThatThrownBy(() -> Figure.grid("", 9, one, one, one, one, one, one, one, one, one).size(200, 200).png()).hasMessageContaining("no room");
    }

    @Test
    void neverChangesAndKeepsItsOwnNumbers() {
        double[] y = Y.clone();
        Figure figure = Figure.of("").line("fit", X, y);
        String before = figure.plotly().toString();
        figure.scatter("more", X, Y).yLog("loss");
        y[1] = 1000;
        assertThat(figure.plotly().toString()).isEqualTo(before);
    }

    @Test
    void showsItselfAsPngPlotlyAndText() {
        Bundle bundle = Figure.of("Loss").xLog("tokens").y("loss (nats)").scatter("runs", X, Y).size(500, 300).bundle();
        assertThat(bundle.data()).containsOnlyKeys(Bundle.TEXT, Bundle.PLOTLY, Bundle.PNG);
        assertThat((byte[]) bundle.data().get(Bundle.PNG)).startsWith(0x89, 'P', 'N', 'G');
        assertThat(bundle.plain()).contains("Figure \"Loss\"", "x tokens (log): 1 to 3", "y loss (nats): 10 to 40", "scatter \"runs\", 3 points");
        assertThat(bundle.metadata()).containsEntry(Bundle.PNG, Map.of("width", 500, "height", 300));
    }

    @Test
    void savesWhatTheNameEndsIn(@TempDir Path folder) throws Exception {
        Figure figure = Figure.of("").line("fit", X, new double[] {1, Double.NaN, Double.POSITIVE_INFINITY});
        assertThat(Files.readAllBytes(figure.save(folder.resolve("a.png")))).isEqualTo(figure.png());
        String json = Files.readString(figure.save(folder.resolve("a.json")));
        assertThat(json).doesNotContain("NaN", "Infinity").contains("[1.0,null,null]");
        assertThat(JsonParser.parseString(json).getAsJsonObject().keySet()).containsExactlyInAnyOrder("data", "layout", "config");
        assertThatThrownBy(() -> figure.save(folder.resolve("a.gif"))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("a.gif");
    }

    @Test
    void saysWhatToInstallWhenThereAreNoFonts() {
        String problem = Fonts.problemOf(() -> {
            throw new InternalError("Fontconfig head is null");
        });
        assertThat(problem).contains("Fontconfig head is null", "apt-get install fontconfig fonts-dejavu-core");
        assertThat(Fonts.problem()).isNull();
    }
}
