package lemma.nn;

import static org.assertj.core.api.Assertions.assertThat;

import lemma.display.Bundle;
import lemma.tensor.Random;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void aModelIsATableOfItsParameters() {
        Model model = Sequential.of(Linear.of(4, 3), Linear.of(3, 2)).init(Random.seed(1));
        String html = model.bundle().data().get(Bundle.HTML).toString();
        assertThat(html).contains("<td>0.weight</td><td>[3, 4]</td><td>FLOAT32</td><td>12</td>", "<td>1.bias</td><td>[2]</td>", "<p>23 parameters</p>");
        assertThat(model.bundle().plain()).isEqualTo(model.toString());
    }

    @Test
    void aModuleShowsWhatItWouldDraw() {
        assertThat(Linear.of(4, 3).bundle().data().get(Bundle.HTML).toString()).contains("<p>15 parameters</p>");
    }
}
