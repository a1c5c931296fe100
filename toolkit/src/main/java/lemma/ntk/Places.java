package lemma.ntk;

import java.util.LinkedHashMap;
import java.util.Map;
import lemma.optim.MuP.Role;

/** Where a part of a network stands: whether it meets the inputs, and whether it gives the outputs. */
final class Places {
    private Places() {}

    static Role of(boolean meetsInputs, boolean givesOutputs) {
        if (meetsInputs) return givesOutputs ? Role.FIXED : Role.INPUT;
        return givesOutputs ? Role.OUTPUT : Role.HIDDEN;
    }

    static boolean meetsInputs(Role role) {
        return role == Role.FIXED || role == Role.INPUT;
    }

    static boolean givesOutputs(Role role) {
        return role == Role.FIXED || role == Role.OUTPUT;
    }

    /** What {@code all} has by name, with the names of the i-th part's parameters. */
    static void putPart(Map<String, Double> all, int i, Map<String, Double> part) {
        part.forEach((name, factor) -> all.put(i + "." + name, factor));
    }
}
