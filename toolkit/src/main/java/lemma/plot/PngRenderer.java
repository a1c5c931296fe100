package lemma.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Draws a layout with Java2D, two pixels to a point. */
final class PngRenderer {
    static final int PIXELS_PER_POINT = 2;

    /** 96 points to an inch. */
    private static final int PIXELS_PER_METRE = (int) Math.round(PIXELS_PER_POINT * 96 / 0.0254);

    private final Brush brush;

    private PngRenderer(Brush brush) {
        this.brush = brush;
    }

    static BufferedImage draw(Layout layout) {
        Fonts.require();
        int width = (int) Math.round(PIXELS_PER_POINT * layout.width());
        int height = (int) Math.round(PIXELS_PER_POINT * layout.height());
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = image.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        canvas.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        canvas.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        canvas.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        canvas.setColor(Color.WHITE);
        canvas.fillRect(0, 0, width, height);
        canvas.scale(PIXELS_PER_POINT, PIXELS_PER_POINT);
        new PngRenderer(new Brush(canvas)).figure(layout);
        canvas.dispose();
        return image;
    }

    /** The image as PNG, with its resolution, so that documents show it at its size in points. */
    static byte[] encode(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(new IIOImage(image, null, resolution(writer, image)));
        } catch (IOException e) {
            throw new UncheckedIOException("Figure: the PNG could not be written to memory", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static IIOMetadata resolution(ImageWriter writer, BufferedImage image) throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), null);
        IIOMetadataNode root = new IIOMetadataNode("javax_imageio_png_1.0");
        IIOMetadataNode physical = new IIOMetadataNode("pHYs");
        physical.setAttribute("pixelsPerUnitXAxis", Integer.toString(PIXELS_PER_METRE));
        physical.setAttribute("pixelsPerUnitYAxis", Integer.toString(PIXELS_PER_METRE));
        physical.setAttribute("unitSpecifier", "meter");
        root.appendChild(physical);
        metadata.mergeTree("javax_imageio_png_1.0", root);
        return metadata;
    }

    private void figure(Layout layout) {
        double left = layout.boxes().size() == 1 ? layout.boxes().getFirst().plot().x() : Layout.EDGE;
        brush.text(layout.title(), left, Layout.TITLE_MIDDLE, 0, 0.5, Layout.TITLE_FONT, true, Palette.INK, 0);
        boolean titled = layout.boxes().size() > 1;
        for (Box box : layout.boxes()) panel(box, titled);
        if (layout.legend() != null) legend(layout.legend());
    }

    private void panel(Box box, boolean titled) {
        grid(box);
        brush.clip(box.plot());
        for (Layer layer : box.panel().placed()) layer(box, layer);
        brush.unclip();
        axes(box);
        for (Layer layer : box.panel().layers()) label(box, layer);
        if (titled) brush.text(box.panel().title(), box.plot().x() + box.plot().width() / 2, box.plot().y() - 10, 0.5, 1, Layout.PANEL_FONT, true, Palette.INK, 0);
        if (box.colorBar() != null) colorBar(box.colorBar());
        if (box.legend() != null) legend(box.legend());
    }

    private void grid(Box box) {
        if (box.panel().fillsPanel()) return;
        Rect plot = box.plot();
        if (!box.panel().x().isCategorical()) {
            for (Ticks.Tick tick : box.xTicks().major()) brush.rule(box.x().at(tick.value()), plot.y(), box.x().at(tick.value()), plot.bottom(), Palette.GRID, 1);
        }
        if (!box.panel().y().isCategorical()) {
            for (Ticks.Tick tick : box.yTicks().major()) brush.rule(plot.x(), box.y().at(tick.value()), plot.right(), box.y().at(tick.value()), Palette.GRID, 1);
        }
    }

    private void axes(Box box) {
        Rect plot = box.plot();
        brush.rule(plot.x() - 0.5, plot.bottom(), plot.right(), plot.bottom(), Palette.INK, 1);
        brush.rule(plot.x(), plot.y(), plot.x(), plot.bottom() + 0.5, Palette.INK, 1);
        if (box.panel().fillsPanel()) {
            brush.rule(plot.x() - 0.5, plot.y(), plot.right() + 0.5, plot.y(), Palette.INK, 1);
            brush.rule(plot.right(), plot.y(), plot.right(), plot.bottom() + 0.5, Palette.INK, 1);
        }
        xTicks(box);
        yTicks(box);
        Axis x = box.panel().x();
        Axis y = box.panel().y();
        double bottom = plot.bottom() + Layout.TICK + 4 + 1.2 * Layout.TICK_FONT + 12 + (box.slanted() ? Layout.slantedDrop(box.panel()) : 0);
        brush.text(x.title(), plot.x() + plot.width() / 2, bottom, 0.5, 0.5, Layout.AXIS_FONT, false, Palette.INK, 0);
        double labels = box.yTicks().major().stream().mapToDouble(t -> Brush.width(t.label(), Layout.TICK_FONT)).max().orElse(0);
        brush.text(y.title(), plot.x() - Layout.TICK - 4 - labels - 12, plot.y() + plot.height() / 2, 0.5, 0.5, Layout.AXIS_FONT, false, Palette.INK, -Math.PI / 2);
    }

    private void xTicks(Box box) {
        double foot = box.plot().bottom();
        for (double minor : box.xTicks().minor()) brush.rule(box.x().at(minor), foot, box.x().at(minor), foot + 0.6 * Layout.TICK, Palette.INK, 0.75);
        for (Ticks.Tick tick : box.xTicks().major()) {
            double at = box.x().at(tick.value());
            brush.rule(at, foot, at, foot + Layout.TICK, Palette.INK, 1);
            if (box.slanted()) brush.text(tick.label(), at + 3, foot + Layout.TICK + 5, 1, 0, Layout.TICK_FONT, false, Palette.INK, -Layout.SLANT);
            else brush.text(tick.label(), at, foot + Layout.TICK + 5, 0.5, 0, Layout.TICK_FONT, false, Palette.INK, 0);
        }
    }

    private void yTicks(Box box) {
        double foot = box.plot().x();
        for (double minor : box.yTicks().minor()) brush.rule(foot - 0.6 * Layout.TICK, box.y().at(minor), foot, box.y().at(minor), Palette.INK, 0.75);
        for (Ticks.Tick tick : box.yTicks().major()) {
            double at = box.y().at(tick.value());
            brush.rule(foot - Layout.TICK, at, foot, at, Palette.INK, 1);
            brush.text(tick.label(), foot - Layout.TICK - 4, at, 1, 0.5, Layout.TICK_FONT, false, Palette.INK, 0);
        }
    }

    private void layer(Box box, Layer layer) {
        switch (layer) {
            case Layer.Line l -> line(box, l);
            case Layer.Scatter s -> scatter(box, s);
            case Layer.Band b -> brush.fill(area(box, b), b.style().color(), Layer.Band.OPACITY);
            case Layer.Bars b -> bars(box, b);
            case Layer.Reference r -> reference(box, r);
            case Layer.Note n -> { } // drawn with the labels, above everything
            case Layer.HeatMap h -> heatMap(box, h);
            case Layer.Contour c -> contour(box, c);
        }
    }

    private void line(Box box, Layer.Line l) {
        Path2D path = new Path2D.Double();
        for (int[] run : l.runs()) {
            path.moveTo(box.x().at(l.xs()[run[0]]), box.y().at(l.ys()[run[0]]));
            for (int i = run[0] + 1; i < run[1]; i++) path.lineTo(box.x().at(l.xs()[i]), box.y().at(l.ys()[i]));
        }
        brush.stroke(path, l.style().color(), l.style().width(), l.style().dash());
        if (!l.style().markers()) return;
        for (int i = 0; i < l.xs().length; i++) marker(box.x().at(l.xs()[i]), box.y().at(l.ys()[i]), Layer.Scatter.DIAMETER, l.style().color(), 1);
    }

    private void scatter(Box box, Layer.Scatter s) {
        for (int i = 0; i < s.xs().length; i++) {
            if (s.hasErrors()) errorBar(box, box.x().at(s.xs()[i]), s.lo()[i], s.hi()[i], s.style());
        }
        for (int i = 0; i < s.xs().length; i++) marker(box.x().at(s.xs()[i]), box.y().at(s.ys()[i]), s.diameter(), s.style().color(), s.opacity());
    }

    private void marker(double x, double y, double diameter, Color color, double opacity) {
        if (!Double.isFinite(x) || !Double.isFinite(y)) return;
        Shape disc = new Ellipse2D.Double(x - diameter / 2, y - diameter / 2, diameter, diameter);
        brush.fill(disc, color, opacity);
        if (opacity == 1) brush.stroke(disc, Color.WHITE, 0.75, Style.Dash.SOLID);
    }

    private void errorBar(Box box, double x, double lo, double hi, Style style) {
        if (!Double.isFinite(x + lo + hi)) return;
        double low = box.y().at(box.y().log() ? Math.max(lo, box.y().min() / 10) : lo);
        double high = box.y().at(hi);
        brush.rule(x, low, x, high, style.color(), 1.5);
        brush.rule(x - 4, low, x + 4, low, style.color(), 1.5);
        brush.rule(x - 4, high, x + 4, high, style.color(), 1.5);
    }

    private static Path2D area(Box box, Layer.Band b) {
        Path2D area = new Path2D.Double();
        for (int[] run : Layer.Line.runs(b.xs(), b.lo(), b.hi())) {
            area.moveTo(box.x().at(b.xs()[run[0]]), box.y().at(b.lo()[run[0]]));
            for (int i = run[0] + 1; i < run[1]; i++) area.lineTo(box.x().at(b.xs()[i]), box.y().at(b.lo()[i]));
            for (int i = run[1] - 1; i >= run[0]; i--) area.lineTo(box.x().at(b.xs()[i]), box.y().at(b.hi()[i]));
            area.closePath();
        }
        return area;
    }

    private void bars(Box box, Layer.Bars b) {
        double foot = box.y().log() ? box.y().min() : 0;
        for (int i = 0; i < b.heights().length; i++) {
            double height = b.heights()[i];
            if (!Double.isFinite(height) || height == 0) continue;
            double left = box.x().at(b.left()[i]);
            double top = box.y().at(Math.max(foot, height));
            Shape bar = new Rectangle2D.Double(left, top, box.x().at(b.right()[i]) - left, box.y().at(Math.min(foot, height)) - top);
            brush.fill(bar, b.style().color(), b.opacity());
            brush.stroke(bar, Color.WHITE, 0.75, Style.Dash.SOLID);
            if (b.error() != null) errorBar(box, box.x().at((b.left()[i] + b.right()[i]) / 2), height - b.error()[i], height + b.error()[i], b.style().color(Palette.INK));
        }
    }

    private void reference(Box box, Layer.Reference r) {
        Path2D path = new Path2D.Double();
        Rect plot = box.plot();
        if (r.horizontal()) {
            path.moveTo(plot.x(), box.y().at(r.value()));
            path.lineTo(plot.right(), box.y().at(r.value()));
        } else {
            path.moveTo(box.x().at(r.value()), plot.bottom());
            path.lineTo(box.x().at(r.value()), plot.y());
        }
        brush.stroke(path, r.style().color(), r.style().width(), r.style().dash());
    }

    /** Each pixel takes the colour of the cell under its centre, whatever the axes. */
    private void heatMap(Box box, Layer.HeatMap h) {
        Rect plot = box.plot();
        BufferedImage image = new BufferedImage((int) (PIXELS_PER_POINT * plot.width()), (int) (PIXELS_PER_POINT * plot.height()), BufferedImage.TYPE_INT_ARGB);
        int[] columns = cellsUnder(image.getWidth(), box.x(), plot.x(), h.cells().xEdges(box.x().log()));
        int[] rows = cellsUnder(image.getHeight(), box.y(), plot.y(), h.cells().yEdges(box.y().log()));
        for (int py = 0; py < rows.length; py++) {
            for (int px = 0; px < columns.length; px++) {
                if (rows[py] >= 0 && columns[px] >= 0) image.setRGB(px, py, h.colorOf(h.cells().z()[rows[py]][columns[px]]).getRGB());
            }
        }
        brush.image(image, plot);
    }

    /** For each pixel the index of its cell, -1 outside. */
    private static int[] cellsUnder(int pixels, Scale scale, double origin, double[] edges) {
        int[] cells = new int[pixels];
        for (int p = 0; p < pixels; p++) {
            int found = Arrays.binarySearch(edges, scale.invert(origin + (p + 0.5) / PIXELS_PER_POINT));
            int cell = found >= 0 ? found : -found - 2;
            cells[p] = cell < edges.length - 1 ? cell : -1;
        }
        return cells;
    }

    private void contour(Box box, Layer.Contour c) {
        Isolines isolines = new Isolines(box, c);
        if (c.filled()) {
            brush.fill(path(box, isolines.region(Double.NEGATIVE_INFINITY)), c.areaColor(0), 1);
            for (int k = 0; k < c.levels().length; k++) brush.fill(path(box, isolines.region(c.levels()[k])), c.areaColor(k + 1), 1);
        }
        for (int k = 0; k < c.levels().length; k++) {
            Color color = c.filled() ? Brush.faded(Color.WHITE, Layer.Contour.EDGE_OPACITY) : c.lineColor(k);
            brush.stroke(path(box, isolines.lines(c.levels()[k])), color, c.style().width(), c.style().dash());
        }
        if (c.filled()) return;
        for (Label label : isolines.labels()) {
            brush.stroke(brush.outline(label.text(), label.x(), label.y(), 0.5, 0.5, Isolines.FONT), Color.WHITE, 4, Style.Dash.SOLID);
            brush.text(label.text(), label.x(), label.y(), 0.5, 0.5, Isolines.FONT, false, Palette.INK, 0);
        }
    }

    private static Path2D path(Box box, List<double[][]> lines) {
        Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
        for (double[][] line : lines) {
            path.moveTo(box.x().at(line[0][0]), box.y().at(line[1][0]));
            for (int i = 1; i < line[0].length; i++) path.lineTo(box.x().at(line[0][i]), box.y().at(line[1][i]));
        }
        return path;
    }

    private void colorBar(ColorBar key) {
        Rect bar = key.bar();
        int rows = (int) (PIXELS_PER_POINT * bar.height());
        BufferedImage colors = new BufferedImage(1, rows, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < rows; row++) colors.setRGB(0, row, key.at(1 - (row + 0.5) / rows).getRGB());
        brush.image(colors, bar);
        for (Ticks.Tick tick : key.ticks()) {
            double y = bar.bottom() - tick.value() * bar.height();
            brush.rule(bar.right(), y, bar.right() + Layout.TICK, y, Palette.INK, 1);
            brush.text(tick.label(), bar.right() + Layout.TICK + 4, y, 0, 0.5, Layout.TICK_FONT, false, Palette.INK, 0);
        }
        brush.text(key.layer().name(), key.titleX(), bar.y() + bar.height() / 2, 0.5, 0.5, Layout.AXIS_FONT, false, Palette.INK, -Math.PI / 2);
    }

    private void label(Box box, Layer layer) {
        Label label = Label.of(box, layer);
        if (label == null) return;
        if (label.hasArrow()) arrow(label, layer.style().color());
        Shape outline = brush.outline(label.text(), label.x(), label.y(), label.anchorX(), label.anchorY(), Label.FONT);
        brush.stroke(outline, Brush.faded(Color.WHITE, 0.85), 3, Style.Dash.SOLID);
        brush.text(label.text(), label.x(), label.y(), label.anchorX(), label.anchorY(), Label.FONT, false, layer.style().color(), 0);
    }

    private void arrow(Label label, Color color) {
        double dx = label.tipX() - label.x();
        double dy = label.tipY() - label.y();
        double length = Math.hypot(dx, dy);
        double ux = dx / length;
        double uy = dy / length;
        double endX = label.tipX() - 4 * ux;
        double endY = label.tipY() - 4 * uy;
        Path2D line = new Path2D.Double();
        line.moveTo(label.x(), label.y());
        line.lineTo(endX - 5 * ux, endY - 5 * uy);
        brush.stroke(line, color, 1, Style.Dash.SOLID);
        Path2D head = new Path2D.Double();
        head.moveTo(endX, endY);
        head.lineTo(endX - 7 * ux - 3 * uy, endY - 7 * uy + 3 * ux);
        head.lineTo(endX - 7 * ux + 3 * uy, endY - 7 * uy - 3 * ux);
        head.closePath();
        brush.fill(head, color, 1);
    }

    private void legend(Legend legend) {
        double text = legend.entries().stream().mapToDouble(e -> Brush.width(e.name(), Legend.FONT)).max().orElse(0);
        double width = 2 * Legend.PAD + Legend.SWATCH + Legend.GAP + text;
        double height = Legend.height(legend.entries());
        double x = legend.x() - legend.anchorX() * width;
        double y = legend.y() - legend.anchorY() * height;
        Shape frame = new RoundRectangle2D.Double(x, y, width, height, 6, 6);
        brush.fill(frame, Color.WHITE, 0.9);
        brush.stroke(frame, Palette.GRID, 1, Style.Dash.SOLID);
        for (int i = 0; i < legend.entries().size(); i++) {
            double middle = y + Legend.PAD + (i + 0.5) * Legend.ROW;
            swatch(legend.entries().get(i), x + Legend.PAD, middle);
            brush.text(legend.entries().get(i).name(), x + Legend.PAD + Legend.SWATCH + Legend.GAP, middle, 0, 0.5, Legend.FONT, false, Palette.INK, 0);
        }
    }

    private void swatch(Layer entry, double x, double y) {
        Style style = entry.style();
        switch (entry) {
            case Layer.Line l -> {
                brush.stroke(new Line2D.Double(x, y, x + Legend.SWATCH, y), style.color(), style.width(), style.dash());
                if (style.markers()) marker(x + Legend.SWATCH / 2, y, Layer.Scatter.DIAMETER, style.color(), 1);
            }
            case Layer.Scatter s -> {
                if (s.hasErrors()) brush.rule(x + Legend.SWATCH / 2, y - 7, x + Legend.SWATCH / 2, y + 7, style.color(), 1.5);
                marker(x + Legend.SWATCH / 2, y, Layer.Scatter.DIAMETER, style.color(), 1);
            }
            case Layer.Band b -> brush.fill(new Rectangle2D.Double(x, y - 5, Legend.SWATCH, 10), style.color(), Layer.Band.OPACITY);
            case Layer.Bars b -> brush.fill(new Rectangle2D.Double(x + 5, y - 5, Legend.SWATCH - 10, 10), style.color(), b.opacity());
            default -> throw new IllegalStateException("Figure: a " + entry.kind() + " has no place in a legend");
        }
    }
}
