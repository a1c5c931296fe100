package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.MethodRefEntry;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A vector stays in a register only while every method it passes through is compiled into its loop. The compiler promises that for the
 * JDK's own vector methods alone: past a size it leaves other calls as calls, which size depends on what was compiled before, and each
 * vector that crosses one is then an object (a softmax row in a process that had trained a network took four times as long). So no
 * kernel hands a vector to a method of ours, and none starts a variable that it changes from a constant object.
 */
class VectorsInRegistersTest {
    private static final Pattern VECTOR = Pattern.compile("Ljdk/incubator/vector/(Float|Double|Long|Int|Short|Byte|)Vector(Mask|);");

    @Test
    void noVectorCrossesACallOfOurOwn() throws Exception {
        List<String> crossings = new ArrayList<>();
        for (ClassModel c : classes()) {
            for (MethodModel m : c.methods()) {
                if (m.methodName().equalsString("<clinit>")) continue;
                m.code().ifPresent(code -> code.forEach(e -> {
                    if (e instanceof InvokeInstruction call && ours(call) && VECTOR.matcher(call.type().stringValue()).find()) {
                        crossings.add(c.thisClass().asInternalName() + "." + m.methodName() + " calls " + call.name() + call.type());
                    }
                }));
            }
        }
        // a table of constants, read twice a tile of sums
        crossings.removeIf(s -> s.startsWith("lemma/tensor/FloatTiles.addSums calls fold"));
        assertThat(crossings).isEmpty();
    }

    @Test
    void noVariableStartsAsAConstantVector() throws Exception {
        List<String> starts = new ArrayList<>();
        for (ClassModel c : classes()) {
            for (MethodModel m : c.methods()) {
                m.code().ifPresent(code -> {
                    CodeElement before = null;
                    for (CodeElement e : code) {
                        if (e instanceof StoreInstruction && before instanceof FieldInstruction f && VECTOR.matcher(f.type().stringValue()).find()) {
                            starts.add(c.thisClass().asInternalName() + "." + m.methodName() + " starts from " + f.name());
                        }
                        if (e instanceof java.lang.classfile.Instruction) before = e;
                    }
                });
            }
        }
        assertThat(starts).isEmpty();
    }

    private static boolean ours(InvokeInstruction call) {
        return call.method() instanceof MethodRefEntry && call.owner().asInternalName().startsWith("lemma/");
    }

    private static List<ClassModel> classes() throws IOException, URISyntaxException {
        Path folder = Path.of(FloatMath.class.getResource("FloatMath.class").toURI()).getParent();
        List<ClassModel> found = new ArrayList<>();
        try (var files = Files.list(folder)) {
            for (Path f : files.filter(p -> p.toString().endsWith(".class")).sorted().toList()) found.add(ClassFile.of().parse(f));
        }
        assertThat(found).hasSizeGreaterThan(100);
        return found;
    }
}
