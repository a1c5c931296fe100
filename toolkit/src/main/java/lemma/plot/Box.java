package lemma.plot;

/**
 * One panel placed in the figure.
 *
 * @param plot the area inside the axes
 * @param slanted whether the labels of the x axis are turned because they are too wide for their places
 * @param colorBar the key to the colours, or null
 * @param legend this panel's own legend, or null
 */
record Box(Panel panel, Rect plot, Scale x, Scale y, Ticks xTicks, Ticks yTicks, boolean slanted, ColorBar colorBar, Legend legend) {
    Box legend(Legend next) {
        return new Box(panel, plot, x, y, xTicks, yTicks, slanted, colorBar, next);
    }
}
