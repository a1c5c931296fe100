package io.github.spencerpark.jupyter.kernel.display;

import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a {@link RenderFunction} renders into: every form that it has, of which the kernel then shows those that were asked for. */
public final class RenderContext {
    private final DisplayData out = new DisplayData();

    RenderContext() {}

    public DisplayData getOutputContainer() {
        return out;
    }

    public boolean wantsDataRenderedAs(MIMEType type) {
        return true;
    }

    /** Puts what {@code form} makes; true, as every form is wanted. */
    public boolean renderIfRequested(MIMEType type, Supplier<Object> form) {
        out.putData(type, form.get());
        return true;
    }

    /** Puts what {@code form} makes of {@code type}; true, as every form is wanted. */
    public boolean renderIfRequested(MIMEType type, Function<MIMEType, Object> form) {
        out.putData(type, form.apply(type));
        return true;
    }

    /** Lets {@code renderer} put a form; true, as every form is wanted. */
    public boolean renderIfRequested(MIMEType type, BiConsumer<MIMEType, DisplayData> renderer) {
        renderer.accept(type, out);
        return true;
    }
}
