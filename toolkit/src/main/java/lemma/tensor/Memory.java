package lemma.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/** The whole address space as one constant segment: kernels add an address to an index, and the bounds check is a constant. */
final class Memory {
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private Memory() {}
}
