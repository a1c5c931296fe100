package lemma.plot;

import java.awt.Color;

/**
 * The colours of series: seven of Okabe and Ito's set, which people with any common colour-vision deficiency can tell apart, in an
 * order that keeps neighbours far apart. Their yellow is left out because it is too pale on white.
 *
 * @see <a href="https://jfly.uni-koeln.de/color/">Okabe, Ito (2008), Color Universal Design</a>
 */
public final class Palette {
    private static final Color[] SERIES = {
        new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7), new Color(0xE69F00), new Color(0x56B4E9),
        new Color(0x4D4D4D)
    };
    static final Color INK = new Color(0x262626);
    static final Color MUTED = new Color(0x5A5A5A);
    static final Color GRID = new Color(0xE8E8E8);
    static final Color MISSING = new Color(0xBDBDBD);

    private Palette() {}

    /** The colour of series {@code index}, counted from 0; after the last one the colours begin again. */
    public static Color series(int index) {
        if (index < 0) throw new IllegalArgumentException("Palette: series index is " + index + ", expected 0 or more");
        return SERIES[index % SERIES.length];
    }

    /** The number of different colours. */
    public static int size() {
        return SERIES.length;
    }

    static String hex(Color color) {
        return String.format("#%06x", color.getRGB() & 0xFFFFFF);
    }

    static String rgba(Color color, double opacity) {
        return "rgba(%d,%d,%d,%s)".formatted(color.getRed(), color.getGreen(), color.getBlue(), opacity);
    }
}
