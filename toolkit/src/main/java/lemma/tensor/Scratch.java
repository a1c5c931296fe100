package lemma.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A few vectors of memory that belong to the current thread; what they hold lasts until the next kernel. */
final class Scratch {
    /** Length of slots 4 to 7. */
    static final int LARGE_BYTES = 4096;

    private static final int SLOTS = 4;
    private static final int SLOT_BYTES = 256;
    private static final int LARGE_SLOTS = 4;
    private static final ThreadLocal<Scratch> OWN = ThreadLocal.withInitial(Scratch::new);

    private MemorySegment slab;
    private final MemorySegment memory = Arena.ofAuto().allocate((SLOTS + 1) * SLOT_BYTES + LARGE_SLOTS * LARGE_BYTES, SLOT_BYTES);

    static Scratch get() {
        return OWN.get();
    }

    /** Address of slot 0 to 3, 256 bytes each, or 4 to 7, which are larger. */
    long address(int slot) {
        if (slot <= SLOTS) return memory.address() + slot * SLOT_BYTES;
        return memory.address() + SLOTS * SLOT_BYTES + (slot - SLOTS) * LARGE_BYTES;
    }

    /** Room that stays with the thread from its first use on, of as many bytes each time. */
    long slab(int bytes) {
        if (slab == null) slab = Arena.ofAuto().allocate(bytes, SLOT_BYTES);
        return slab.address();
    }

    /** Room for one vector whose lanes are taken together. */
    long lanes() {
        return memory.address() + SLOTS * SLOT_BYTES + LARGE_SLOTS * LARGE_BYTES;
    }
}
