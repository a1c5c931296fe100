package io.github.spencerpark.jupyter.kernel.display;

import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.ArrayList;
import java.util.List;
import lemma.display.Bundle;
import lemma.kernel.Notebook;

/** Where notebooks written for IJava say how values of a class are shown. */
public final class Renderer {
    public <T> RenderRegistration<T> createRegistration(Class<T> type) {
        return new RenderRegistration<>(type);
    }

    /** A renderer that is being described; the types that it supports and prefers tell themselves by what it renders. */
    public static final class RenderRegistration<T> {
        private final List<Class<? extends T>> types = new ArrayList<>();

        private RenderRegistration(Class<? extends T> type) {
            types.add(type);
        }

        public RenderRegistration<T> preferring(MIMEType... mimes) {
            return this;
        }

        public RenderRegistration<T> preferring(String... mimes) {
            return this;
        }

        public RenderRegistration<T> supporting(MIMEType... mimes) {
            return this;
        }

        public RenderRegistration<T> supporting(String... mimes) {
            return this;
        }

        public RenderRegistration<T> onType(Class<? extends T> type) {
            types.add(type);
            return this;
        }

        /** Shows the types by {@code function} from now on; forms that they had before and that it does not make stay. */
        public void register(RenderFunction<T> function) {
            types.forEach(type -> Notebook.addForms(type, value -> forms(function, value)));
        }

        private Bundle forms(RenderFunction<T> function, T value) {
            RenderContext context = new RenderContext();
            function.render(value, context);
            return context.getOutputContainer().bundle();
        }
    }
}
