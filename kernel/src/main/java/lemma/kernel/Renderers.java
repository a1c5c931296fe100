package lemma.kernel;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import lemma.display.Bundle;
import lemma.display.Rich;
import lemma.plot.ForeignFigures;
import tech.tablesaw.plotly.components.Figure;

/**
 * How values are shown: a {@link Bundle} as it is, then by the renderer registered for the value's class or the nearest class or
 * interface above it, then as the value says itself ({@link Rich}), maps and records in tables, all else as plain text.
 */
public final class Renderers {
    private final Map<String, Function<Object, Bundle>> byType = new ConcurrentHashMap<>();

    Renderers() {
        byType.put("java.awt.image.BufferedImage", Images::render);
        byType.put("tech.tablesaw.table.Relation", Tables::render);
        byType.put("tech.tablesaw.columns.Column", Tables::renderColumn);
        byType.put("lemma.data.Dataset", Tables::renderDataset);
        byType.put("lemma.train.History", Histories::render);
        byType.put("org.nd4j.linalg.api.ndarray.INDArray", Arrays::render);
        byType.put("tech.tablesaw.plotly.components.Figure", figure -> ForeignFigures.bundle((Figure) figure));
    }

    /** Shows every {@code type} by {@code renderer} from now on, in place of the renderer it had. */
    public <T> void register(Class<T> type, Function<? super T, Bundle> renderer) {
        Objects.requireNonNull(renderer, "renderer");
        byType.put(type.getName(), value -> renderer.apply(type.cast(value)));
    }

    /** Shows every {@code type} in the forms of {@code renderer} from now on, and in those that it had and {@code renderer} does not make. */
    <T> void addForms(Class<T> type, Function<? super T, Bundle> renderer) {
        Function<Object, Bundle> before = byType.get(type.getName());
        byType.put(type.getName(), value -> {
            Bundle fresh = renderer.apply(type.cast(value));
            if (before == null) return fresh;
            Bundle old = before.apply(value);
            Map<String, Object> forms = new LinkedHashMap<>(old.data());
            forms.putAll(fresh.data());
            return new Bundle(forms, old.metadata());
        });
    }

    /** Whether showing {@code value} runs no code of the user's. */
    boolean isPlain(Object value) {
        boolean basic = value instanceof String || value instanceof Boolean || value instanceof Character
                || value instanceof Number && value.getClass().getPackageName().equals("java.lang");
        return basic && nearest(value.getClass()) == null;
    }

    /** The forms of {@code value}; plain text is always among them. */
    public Bundle render(Object value) {
        Bundle bundle = switch (value) {
            case null -> Bundle.text("null");
            case Bundle ready -> ready;
            default -> renderByType(value);
        };
        return bundle.data().containsKey(Bundle.TEXT) ? bundle : bundle.with(Bundle.TEXT, Printed.of(value));
    }

    private Bundle renderByType(Object value) {
        Function<Object, Bundle> registered = nearest(value.getClass());
        if (registered != null) return registered.apply(value);
        return switch (value) {
            case Rich rich -> rich.bundle();
            case Map<?, ?> map -> CollectionTables.render(map);
            case Collection<?> items -> CollectionTables.render(items);
            default -> Bundle.text(Printed.of(value));
        };
    }

    private Function<Object, Bundle> nearest(Class<?> type) {
        Deque<Class<?>> level = new ArrayDeque<>();
        level.add(type);
        while (!level.isEmpty()) {
            Class<?> next = level.poll();
            Function<Object, Bundle> renderer = byType.get(next.getName());
            if (renderer != null) return renderer;
            if (next.getSuperclass() != null) level.add(next.getSuperclass());
            level.addAll(java.util.Arrays.asList(next.getInterfaces()));
        }
        return null;
    }

    /**
     * Of the forms of {@code value} those in {@code mimes} and plain text, all without any; a text or bytes may be shown as any MIME type.
     *
     * @throws IllegalArgumentException when the value has none of them
     */
    public Bundle render(Object value, String... mimes) {
        if (mimes.length == 0) return render(value);
        boolean raw = value instanceof CharSequence || value instanceof byte[];
        Map<String, Object> forms = render(value).data();
        Map<String, Object> chosen = new LinkedHashMap<>();
        for (String mime : mimes) {
            Object form = raw ? value : forms.get(mime);
            if (form != null) chosen.put(mime, form);
        }
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("a " + value.getClass().getName() + " has no form " + String.join(", ", mimes)
                    + "; it has " + String.join(", ", forms.keySet()));
        }
        chosen.putIfAbsent(Bundle.TEXT, raw ? Printed.of(value) : forms.get(Bundle.TEXT));
        return new Bundle(chosen, Map.of());
    }
}
