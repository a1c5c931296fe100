package io.github.spencerpark.ijava.runtime;

import lemma.kernel.Notebook;

/** IJava's display functions, for libraries that were compiled against them; a cell has them without an import. */
public final class Display {
    private Display() {}

    public static String display(Object value) {
        return Notebook.display(value);
    }

    public static String display(Object value, String... mimes) {
        return Notebook.display(value, mimes);
    }

    public static void updateDisplay(String id, Object value) {
        Notebook.updateDisplay(id, value);
    }

    public static void updateDisplay(String id, Object value, String... mimes) {
        Notebook.updateDisplay(id, value, mimes);
    }
}
