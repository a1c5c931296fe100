package lemma.plot;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/** Colours for numbers, evenly graded to the eye and readable with a colour-vision deficiency. */
enum Colormap {
    /** Dark violet to yellow, lightness growing with the value. @see <a href="https://bids.github.io/colormap/">Smith, van der Walt (2015), viridis</a> */
    VIRIDIS(0x440154, 0x48186a, 0x472d7b, 0x424086, 0x3b528b, 0x33638d, 0x2c728e, 0x26828e, 0x21918c, 0x1fa088, 0x28ae80, 0x3fbc73, 0x5ec962, 0x84d44b, 0xaddc30, 0xd8e219, 0xfde725),
    /** Blue through white to red, for values with a sign. @see <a href="https://colorbrewer2.org">Brewer, RdBu with 11 classes</a> */
    DIVERGING(0x053061, 0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7, 0xfddbc7, 0xf4a582, 0xd6604d, 0xb2182b, 0x67001f);

    private final int[] anchors;

    Colormap(int... anchors) {
        this.anchors = anchors;
    }

    /** The colour at {@code t} from 0 to 1, linear between the anchors as in Plotly; beyond the ends the colour of the end. */
    Color at(double t) {
        double position = Math.clamp(t, 0, 1) * (anchors.length - 1);
        int below = Math.min((int) position, anchors.length - 2);
        return mixed(new Color(anchors[below]), new Color(anchors[below + 1]), position - below);
    }

    private static Color mixed(Color a, Color b, double t) {
        return new Color(mixed(a.getRed(), b.getRed(), t), mixed(a.getGreen(), b.getGreen(), t), mixed(a.getBlue(), b.getBlue(), t));
    }

    private static int mixed(int a, int b, double t) {
        return (int) Math.round(a + t * (b - a));
    }

    /** Plotly's colour scale: pairs of a position from 0 to 1 and a colour. */
    List<Object> plotly() {
        List<Object> scale = new ArrayList<>();
        for (int i = 0; i < anchors.length; i++) scale.add(List.of((double) i / (anchors.length - 1), Palette.hex(new Color(anchors[i]))));
        return scale;
    }
}
