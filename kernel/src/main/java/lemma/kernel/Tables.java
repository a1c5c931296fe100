package lemma.kernel;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.stream.IntStream;
import lemma.data.Dataset;
import lemma.display.Bundle;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;
import tech.tablesaw.table.Relation;

/** Tablesaw tables as HTML and text, of a long table the first and last rows; HTML shows six digits of a double. */
final class Tables {
    private static final int MAX_ROWS = 30;
    private static final int HEAD = 10;
    private static final int TAIL = 5;
    private static final int MAX_COLUMNS = 30;
    private static final int SHORT = 7;
    private static final MathContext SIX_DIGITS = new MathContext(6);

    private Tables() {}

    static Bundle render(Object value) {
        Relation table = (Relation) value;
        return Bundle.text(table.print(MAX_ROWS)).with(Bundle.HTML, html(table));
    }

    static Bundle renderColumn(Object value) {
        Column<?> column = (Column<?>) value;
        return render(Table.create(column.name(), column));
    }

    static Bundle renderDataset(Object value) {
        Dataset data = (Dataset) value;
        return data.bundle().with(Bundle.HTML, "<p>" + escape(data.toString()) + "</p>\n" + html(data.table()));
    }

    private static String html(Relation table) {
        int columns = Math.min(table.columnCount(), MAX_COLUMNS);
        StringBuilder html = new StringBuilder("<table class=\"dataframe\">\n<caption>").append(escape(table.name())).append("</caption>\n<thead><tr><th></th>");
        for (int c = 0; c < columns; c++) html.append("<th>").append(escape(table.column(c).name())).append(type(table.column(c))).append("</th>");
        html.append("</tr></thead>\n<tbody>\n");
        int rows = table.rowCount();
        boolean cut = rows > MAX_ROWS;
        IntStream.range(0, cut ? HEAD : rows).forEach(row -> addRow(html, table, row, columns));
        if (cut) html.append("<tr><td>...</td>").append("<td></td>".repeat(columns)).append("</tr>\n");
        if (cut) IntStream.range(rows - TAIL, rows).forEach(row -> addRow(html, table, row, columns));
        return html.append("</tbody></table>\n<p>").append(rows).append(" rows x ").append(table.columnCount()).append(" columns</p>").toString();
    }

    private static String type(Column<?> column) {
        return "<br><small style=\"font-weight:normal\">" + column.type().name().toLowerCase(Locale.ROOT).replace('_', ' ') + "</small>";
    }

    private static void addRow(StringBuilder html, Relation table, int row, int columns) {
        html.append("<tr><th>").append(row).append("</th>");
        for (int c = 0; c < columns; c++) html.append("<td>").append(escape(shown(table.column(c), row))).append("</td>");
        html.append("</tr>\n");
    }

    /** As the column prints it, but a double without a format of its own rounded to six digits. */
    private static String shown(Column<?> column, int row) {
        String printed = column.getString(row);
        if (!(column instanceof DoubleColumn numbers) || printed.length() <= SHORT) return printed;
        double value = numbers.getDouble(row);
        if (!printed.equals(DoubleColumn.create("plain", new double[] {value}).getString(0))) return printed;
        return Double.toString(new BigDecimal(value).round(SIX_DIGITS).doubleValue());
    }

    private static String escape(String text) {
        return text == null ? "" : text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
