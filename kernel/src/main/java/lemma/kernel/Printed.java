package lemma.kernel;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Values as plain text of bounded length: of long arrays, collections and texts the two ends, so that a large value costs nothing. */
final class Printed {
    private static final int MAX_CHARACTERS = 20_000;
    private static final int MAX_ELEMENTS = 200;
    private static final int HEAD = 20;
    private static final int TAIL = 5;
    private static final int MAX_DEPTH = 6;

    private final StringBuilder text = new StringBuilder();

    private Printed() {}

    /** The text of {@code value}; a string is itself, without quotes. */
    static String of(Object value) {
        if (value instanceof CharSequence characters) return cut(characters);
        Printed printed = new Printed();
        printed.add(value, 0);
        return cut(printed.text);
    }

    private static String cut(CharSequence characters) {
        if (characters.length() <= MAX_CHARACTERS) return characters.toString();
        return characters.subSequence(0, MAX_CHARACTERS) + "\n... (" + characters.length() + " characters)";
    }

    private void add(Object value, int depth) {
        if (text.length() > MAX_CHARACTERS) return;
        if (depth > MAX_DEPTH) {
            text.append("...");
            return;
        }
        switch (value) {
            case null -> text.append("null");
            case CharSequence characters -> text.append(cut(characters));
            case List<?> list -> addElements(list.size(), list.iterator(), tail(list), depth);
            case Collection<?> items -> addElements(items.size(), items.iterator(), null, depth);
            case Map<?, ?> map -> addEntries(map, depth);
            case Record record when holdsLarge(record) -> addRecord(record, depth);
            case Object array when array.getClass().isArray() -> addElements(Array.getLength(array), elements(array, 0), elements(array, tailStart(Array.getLength(array))), depth);
            default -> text.append(cut(Tracebacks.plain(value.toString())));
        }
    }

    private static int tailStart(int size) {
        return size > MAX_ELEMENTS ? size - TAIL : size;
    }

    private static Iterator<?> tail(List<?> list) {
        return list.listIterator(tailStart(list.size()));
    }

    private static Iterator<Object> elements(Object array, int from) {
        return new Iterator<>() {
            private int next = from;

            @Override
            public boolean hasNext() {
                return next < Array.getLength(array);
            }

            @Override
            public Object next() {
                return Array.get(array, next++);
            }
        };
    }

    private void addElements(int size, Iterator<?> head, Iterator<?> tail, int depth) {
        text.append('[');
        int shown = size > MAX_ELEMENTS ? HEAD : size;
        addSome(head, shown, depth);
        if (shown < size) text.append(", ... ");
        if (shown < size && tail != null) addSome(tail, TAIL, depth);
        text.append(']');
        if (shown < size) text.append(" (").append(size).append(" elements)");
    }

    private void addSome(Iterator<?> items, int count, int depth) {
        for (int i = 0; i < count && items.hasNext(); i++) {
            if (i > 0) text.append(", ");
            add(items.next(), depth + 1);
        }
    }

    private void addEntries(Map<?, ?> map, int depth) {
        text.append('{');
        int left = map.size() > MAX_ELEMENTS ? HEAD : map.size();
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (left-- == 0) break;
            text.append(separator);
            add(entry.getKey(), depth + 1);
            text.append('=');
            add(entry.getValue(), depth + 1);
            separator = ", ";
        }
        text.append(map.size() > MAX_ELEMENTS ? ", ...} (" + map.size() + " entries)" : "}");
    }

    private static boolean holdsLarge(Record record) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            if (isLarge(component(record, component))) return true;
        }
        return false;
    }

    private static boolean isLarge(Object value) {
        return value instanceof Collection<?> items && items.size() > MAX_ELEMENTS
                || value instanceof Map<?, ?> map && map.size() > MAX_ELEMENTS
                || value instanceof CharSequence characters && characters.length() > MAX_CHARACTERS
                || value instanceof Record inner && holdsLarge(inner);
    }

    private static Object component(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component + " of a " + record.getClass().getName(), e);
        }
    }

    private void addRecord(Record record, int depth) {
        text.append(record.getClass().getSimpleName()).append('[');
        String separator = "";
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            text.append(separator).append(component.getName()).append('=');
            add(component(record, component), depth + 1);
            separator = ", ";
        }
        text.append(']');
    }
}
