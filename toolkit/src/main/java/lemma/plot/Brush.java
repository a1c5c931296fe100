package lemma.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.font.TextAttribute;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.text.AttributedString;

/** Strokes, fills and text on a Java2D canvas, in points. */
final class Brush {
    private final Graphics2D canvas;

    Brush(Graphics2D canvas) {
        this.canvas = canvas;
    }

    void fill(Shape shape, Color color, double opacity) {
        canvas.setColor(faded(color, opacity));
        canvas.fill(shape);
    }

    void stroke(Shape shape, Color color, double width, Style.Dash dash) {
        canvas.setColor(color);
        canvas.setStroke(new BasicStroke((float) width, dash == Style.Dash.SOLID ? BasicStroke.CAP_ROUND : BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash.pattern(), 0));
        canvas.draw(shape);
    }

    /** A line with square ends that covers whole device pixels. */
    void rule(double x0, double y0, double x1, double y1, Color color, double width) {
        canvas.setColor(color);
        canvas.setStroke(new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
        canvas.draw(new Line2D.Double(snap(x0), snap(y0), snap(x1), snap(y1)));
    }

    private static double snap(double v) {
        return Math.round(2 * v) / 2.0;
    }

    /** Lays an image over {@code area}. */
    void image(BufferedImage image, Rect area) {
        AffineTransform place = new AffineTransform(area.width() / image.getWidth(), 0, 0, area.height() / image.getHeight(), area.x(), area.y());
        canvas.drawImage(image, place, null);
    }

    /** Draws only inside {@code area} until {@link #unclip}. */
    void clip(Rect area) {
        canvas.setClip(new Rectangle2D.Double(area.x(), area.y(), area.width(), area.height()));
    }

    void unclip() {
        canvas.setClip(null);
    }

    /**
     * Draws text whose anchor point lies at ({@code x}, {@code y}), turned about it.
     *
     * @param anchorX 0: the text begins there, 0.5: is centred, 1: ends there
     * @param anchorY 0: the capitals' top lies there, 0.5: their middle, 1: the base line
     */
    void text(String text, double x, double y, double anchorX, double anchorY, double size, boolean bold, Color color, double turn) {
        if (text.isEmpty()) return;
        TextLayout layout = layout(text, size, bold);
        AffineTransform before = canvas.getTransform();
        canvas.translate(x, y);
        canvas.rotate(turn);
        canvas.setColor(color);
        layout.draw(canvas, (float) (-anchorX * layout.getAdvance()), (float) ((1 - anchorY) * capHeight(size)));
        canvas.setTransform(before);
    }

    /** The outline of text as {@link #text} draws it without a turn, for a halo behind it. */
    Shape outline(String text, double x, double y, double anchorX, double anchorY, double size) {
        TextLayout layout = layout(text, size, false);
        return layout.getOutline(AffineTransform.getTranslateInstance(x - anchorX * layout.getAdvance(), y + (1 - anchorY) * capHeight(size)));
    }

    static double width(String text, double size) {
        return text.isEmpty() ? 0 : layout(text, size, false).getAdvance();
    }

    private static double capHeight(double size) {
        return 0.716 * size;
    }

    private static TextLayout layout(String text, double size, boolean bold) {
        RichText rich = RichText.parse(text);
        StringBuilder letters = new StringBuilder();
        rich.runs().forEach(run -> letters.append(run.text()));
        AttributedString styled = new AttributedString(letters.toString());
        int from = 0;
        for (RichText.Run run : rich.runs()) {
            int to = from + run.text().length();
            for (int i = from; i < to; i++) styled.addAttribute(TextAttribute.FONT, Fonts.of(letters.charAt(i), size, bold || run.bold(), run.italic(), run.level()), i, i + 1);
            from = to;
        }
        return new TextLayout(styled.getIterator(), Fonts.CONTEXT);
    }

    static Color faded(Color color, double opacity) {
        return new Color(color.getRed(), color.getGreen(), color.getBlue(), (int) Math.round(255 * opacity));
    }
}
