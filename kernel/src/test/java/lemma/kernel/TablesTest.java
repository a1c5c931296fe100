package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import lemma.display.Bundle;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.numbers.NumberColumnFormatter;

class TablesTest {
    private static String html(Table table) {
        return (String) Tables.render(table).data().get(Bundle.HTML);
    }

    @Test
    void aDoubleShowsSixDigits() {
        Table table = Table.create("t", DoubleColumn.create("x", 0.031005963926082073, 1234567.891, 3.14159265e-8, 0.5, -1.0));

        assertThat(html(table)).contains("<td>0.031006</td>", "<td>1234570.0</td>", "<td>3.14159E-8</td>", "<td>0.5</td>", "<td>-1</td>");
    }

    @Test
    void whatTheColumnFormatsItselfStaysAsItIs() {
        DoubleColumn formatted = DoubleColumn.create("x", new double[] {0.123456789});
        formatted.setPrintFormatter(NumberColumnFormatter.fixedWithGrouping(8));

        assertThat(html(Table.create("t", formatted, IntColumn.create("n", new int[] {123456789})))).contains("<td>0.12345679</td>", "<td>123456789</td>");
    }

    @Test
    void eachColumnTellsItsType() {
        assertThat(html(Table.create("t", DoubleColumn.create("x", 0.5), IntColumn.create("n", new int[] {1}))))
                .containsPattern("<th>x<br><small[^>]*>double</small></th><th>n<br><small[^>]*>integer</small></th>");
    }

    @Test
    void aMissingDoubleIsEmpty() {
        assertThat(html(Table.create("t", DoubleColumn.create("x", new double[] {Double.NaN})))).contains("<td></td>");
    }
}
