package lemma.nn;

import java.util.Arrays;
import java.util.List;
import lemma.tensor.Functional;
import lemma.tensor.Functional.PadMode;
import lemma.tensor.Tensor;

/**
 * Padding: {@code lengths} are those before and after the last axis, then those of the axis before it, and so on. PyTorch's ZeroPad,
 * ConstantPad, ReflectionPad, ReplicationPad and CircularPad.
 */
public record Pad(PadMode mode, double value, List<Integer> lengths) implements Module {
    public Pad {
        lengths = List.copyOf(lengths);
        if (lengths.size() % 2 != 0) throw new IllegalArgumentException("Pad: lengths are " + lengths + ", expected pairs of before and after");
    }

    private static Pad of(PadMode mode, double value, int... lengths) {
        return new Pad(mode, value, Arrays.stream(lengths).boxed().toList());
    }

    public static Pad zeros(int... lengths) {
        return of(PadMode.CONSTANT, 0, lengths);
    }

    public static Pad constant(double value, int... lengths) {
        return of(PadMode.CONSTANT, value, lengths);
    }

    public static Pad reflection(int... lengths) {
        return of(PadMode.REFLECT, 0, lengths);
    }

    public static Pad replication(int... lengths) {
        return of(PadMode.REPLICATE, 0, lengths);
    }

    public static Pad circular(int... lengths) {
        return of(PadMode.CIRCULAR, 0, lengths);
    }

    @Override
    public Tensor forward(Tensor x, Bound at) {
        return Functional.pad(x, mode, value, lengths.stream().mapToInt(Integer::intValue).toArray());
    }
}
