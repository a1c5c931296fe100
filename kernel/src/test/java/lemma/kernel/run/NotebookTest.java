package lemma.kernel.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotebookTest {
    @TempDir
    Path folder;

    /** The fixture was written by Python's nbformat 5.11.1 (nbformat-fixture.py beside it). */
    @Test
    void writesByteForByteWhatNbformatWrites() throws IOException {
        String written = fixture("nbformat.ipynb");
        assertThat(Notebook.parse(written).text()).isEqualTo(written);
    }

    @Test
    void joinsLinesInMemory() throws IOException {
        Notebook notebook = Notebook.parse(fixture("nbformat.ipynb"));
        assertThat(notebook.cells().get(1).source()).isEqualTo("int a = 1;\n\nSystem.out.println(a);");
    }

    @Test
    void keepsFieldsItDoesNotKnow() {
        String text = Notebook.parse("""
                {"nbformat": 4, "nbformat_minor": 5, "metadata": {"mine": {"z": 1.50, "a": null}}, "extra": [true],
                 "cells": [{"cell_type": "raw", "id": "r", "metadata": {}, "source": "x", "unknown": "kept"}]}""").text();
        assertThat(text).contains("\"unknown\": \"kept\"", "\"z\": 1.50", "\"a\": null", "\"extra\": [\n  true\n ]");
    }

    @Test
    void givesMissingIdsThatStayTheSame() {
        String old = """
                {"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": [
                 {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": null},
                 {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": null}]}""";
        Notebook notebook = Notebook.parse(old);
        assertThat(notebook.cells()).extracting(Notebook.Cell::id).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{8}"));
        assertThat(notebook.text()).isEqualTo(Notebook.parse(old).text()).contains("\"nbformat_minor\": 5");
    }

    @Test
    void namesTheFileAndWhatIsWrongWithIt() throws IOException {
        Path file = folder.resolve("old.ipynb");
        Files.writeString(file, "{\"nbformat\": 3, \"worksheets\": []}");
        assertThatThrownBy(() -> Notebook.read(file)).hasMessageContaining("old.ipynb").hasMessageContaining("format 3, expected 4");
        assertThatThrownBy(() -> Notebook.parse("{\"a\": ")).hasMessageContaining("not a notebook");
        assertThatThrownBy(() -> Notebook.parse("{\"nbformat\": 4}")).hasMessageContaining("no list of cells");
    }

    private static String fixture(String name) throws IOException {
        try (var in = NotebookTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
