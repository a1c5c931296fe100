package lemma.kernel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import lemma.display.Bundle;

/** Maps and collections of records as HTML tables; other collections are plain text. */
final class CollectionTables {
    private static final int MAX_ROWS = 50;
    private static final int MAX_CELL = 200;

    private CollectionTables() {}

    static Bundle render(Map<?, ?> map) {
        Bundle text = Bundle.text(Printed.of(map));
        if (map.isEmpty()) return text;
        String rows = map.entrySet().stream().limit(MAX_ROWS).map(entry -> row(List.of(cell(entry.getKey()), cell(entry.getValue())))).collect(Collectors.joining());
        return text.with(Bundle.HTML, table(List.of("key", "value"), rows, map.size(), "entries"));
    }

    static Bundle render(Collection<?> items) {
        Bundle text = Bundle.text(Printed.of(items));
        Class<?> type = recordType(items);
        if (type == null) return text;
        List<RecordComponent> components = Arrays.asList(type.getRecordComponents());
        String rows = items.stream().limit(MAX_ROWS).map(item -> row(components.stream().map(component -> cell(get(component, item))).toList()))
                .collect(Collectors.joining());
        return text.with(Bundle.HTML, table(components.stream().map(RecordComponent::getName).toList(), rows, items.size(), "rows"));
    }

    /** The record type of which the first items all are, or null. */
    private static Class<?> recordType(Collection<?> items) {
        Iterator<?> first = items.iterator();
        Object one = first.hasNext() ? first.next() : null;
        if (!(one instanceof Record) || one.getClass().getRecordComponents().length == 0) return null;
        boolean alike = items.stream().limit(MAX_ROWS).allMatch(item -> item != null && item.getClass() == one.getClass());
        return alike ? one.getClass() : null;
    }

    private static Object get(RecordComponent component, Object record) {
        try {
            component.getAccessor().setAccessible(true); // a record that a cell declares is not public
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("cannot read " + component, e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(component.getName() + "() of " + component.getDeclaringRecord().getSimpleName() + " threw", e.getCause());
        }
    }

    private static String cell(Object value) {
        String text = Printed.of(value);
        return "<td>" + JavadocHtml.escape(text.length() <= MAX_CELL ? text : text.substring(0, MAX_CELL) + "...") + "</td>";
    }

    private static String row(List<String> cells) {
        return "<tr>" + String.join("", cells) + "</tr>\n";
    }

    private static String table(List<String> names, String rows, int size, String unit) {
        String head = names.stream().map(name -> "<th>" + JavadocHtml.escape(name) + "</th>").collect(Collectors.joining());
        return "<table class=\"dataframe\">\n<thead><tr>" + head + "</tr></thead>\n<tbody>\n" + rows + "</tbody></table>\n"
                + (size > MAX_ROWS ? "<p>the first " + MAX_ROWS + " of " + size + " " + unit + "</p>" : "");
    }
}
