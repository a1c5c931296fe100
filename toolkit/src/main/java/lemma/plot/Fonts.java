package lemma.plot;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.TextAttribute;
import java.util.List;
import java.util.Map;

/** The face of all text, and what is wrong when this machine has none. */
public final class Fonts {
    static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

    private static final List<String> PREFERRED = List.of("Helvetica Neue", "Arial", "Liberation Sans", "DejaVu Sans");

    /** Found once: neither the face nor the lack of one changes while a JVM runs. */
    private static final class Found {
        static final String PROBLEM = problemOf(() -> new Font(Font.SANS_SERIF, Font.PLAIN, 12).getStringBounds("0", CONTEXT));
        static final String FAMILY = PROBLEM != null ? null
            : PREFERRED.stream().filter(name -> new Font(name, Font.PLAIN, 12).getFamily().equals(name)).findFirst().orElse(Font.SANS_SERIF);
    }

    private Fonts() {}

    /** Why text cannot be drawn and what to install, or null when it can. */
    public static String problem() {
        return Found.PROBLEM;
    }

    /** @throws IllegalStateException if this machine has no fonts */
    static void require() {
        if (problem() != null) throw new IllegalStateException(problem());
    }

    /** The font that draws {@code c}: the preferred face, or where that lacks it the one that the JVM composes from all fonts. */
    static Font of(char c, double size, boolean bold, boolean italic, int level) {
        Font preferred = new Font(Found.FAMILY, (bold ? Font.BOLD : 0) | (italic ? Font.ITALIC : 0), 1);
        Font font = preferred.canDisplay(c) ? preferred : new Font(Font.SANS_SERIF, preferred.getStyle(), 1);
        Font sized = font.deriveFont((float) size);
        return level == 0 ? sized : sized.deriveFont(Map.of(TextAttribute.SUPERSCRIPT, level));
    }

    /** The JDK reports missing fonts by various errors, among them InternalError and UnsatisfiedLinkError, according to what is missing. */
    static String problemOf(Runnable measuresText) {
        try {
            measuresText.run();
            return null;
        } catch (RuntimeException | LinkageError | InternalError e) {
            return "No PNG of the figure: the JVM found no fonts (" + e + "). Install fontconfig and one font, then restart: "
                + "apt-get install fontconfig fonts-dejavu-core (Debian, Ubuntu), dnf install fontconfig dejavu-sans-fonts (Fedora), "
                + "apk add fontconfig ttf-dejavu (Alpine).";
        }
    }
}
