package lemma.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptTest {
    private static List<String> magics(String code) {
        return Script.parts(code, 0).stream().map(part -> String.valueOf(part.magic())).toList();
    }

    @Test
    void findsMagicsBetweenCode() {
        String code = "int x = 1;\n%maven a:b:1 \"c d\"\n  %time x\nx";
        List<Script.Part> parts = Script.parts(code, 0);
        assertThat(parts).extracting(Script.Part::magic).containsExactly(null, "maven", "time", null);
        assertThat(parts.get(1).list()).containsExactly("a:b:1", "c d");
        assertThat(code.substring(parts.get(2).from(), parts.get(2).to())).isEqualTo("x");
    }

    @Test
    void leavesTextAndArithmeticAlone() {
        assertThat(magics("String s = \"\"\"\n%d items\n\"\"\";")).containsExactly("null");
        assertThat(magics("/*\n%maven\n*/ int x = 5\n % 3;")).containsExactly("null");
        assertThat(magics("char c = '\"';\n%help")).containsExactly("null", "help");
        assertThat(magics("// it's\n%help")).containsExactly("null", "help");
    }

    @Test
    void aCellMagicTakesTheRest() {
        List<Script.Part> parts = Script.parts("\n%%time\nint x;\n%help", 0);
        assertThat(parts).hasSize(1);
        assertThat(parts.getFirst().wholeCell()).isTrue();
    }

    @Test
    void blanksMagicsInPlace() {
        assertThat(Script.javaOnly("%maven a\n%time x.y\nz")).isEqualTo("        \n      x.y\nz");
        assertThat(Script.javaOnly("%%time\nx\n%help")).isEqualTo("      \nx\n     ");
    }
}
