package lemma.tensor;

import java.lang.ref.Reference;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The elements behind one or more tensors: pooled memory of ours, or an ND4J array.
 *
 * <p>Every loop over a raw address must end in {@link Reference#reachabilityFence} on the tensor it reads: an address does not keep
 * its storage reachable.
 */
abstract sealed class Storage permits Storage.Host, Storage.Array {
    private volatile boolean released;
    private volatile boolean pinned;
    private volatile boolean managed;
    /** How many holders a backward pass or a scope counts at the moment: while there are any, the storage stays. */
    int holders;
    /** True for a gradient of the current backward pass: its last use gives it back. */
    boolean madeByWalk;

    /** True once a scope has given the elements back: any further use is an error. */
    final boolean isReleased() {
        return released;
    }

    final void checkLive(Shape shape, DType dtype) {
        if (released) {
            throw new IllegalStateException("Tensor " + dtype + " " + shape + " was given back to the pool when its scope ended; "
                    + "return it from the scope or call keep() on it inside");
        }
    }

    /** From now on this storage lives as long as something refers to it, whatever scopes do. */
    final void pin() {
        pinned = true;
        manage();
    }

    /** Leaves the care of the memory to the garbage collector; an explicit release is still possible. */
    final synchronized void manage() {
        if (managed) return;
        managed = true;
        watch();
    }

    /** Gives the memory back now, unless it is pinned. */
    final void release() {
        if (pinned || released) return;
        released = true;
        free();
    }

    /** Has the memory given back when this storage is unreachable. */
    abstract void watch();

    abstract void free();

    /** 64-byte-aligned memory outside the heap; either from the pool or owned by somebody else, who is kept reachable. */
    static final class Host extends Storage {
        final long address;
        final long bytes;
        private final MemoryPool.Block block;
        private final long lease;
        private final Object owner;

        Host(MemoryPool.Block block, long bytes) {
            this.address = block.address();
            this.bytes = bytes;
            this.block = block;
            this.lease = block.lease();
            this.owner = null;
        }

        Host(long address, long bytes, Object owner) {
            this.address = address;
            this.bytes = bytes;
            this.block = null;
            this.lease = 0;
            this.owner = owner;
        }

        /** Whose memory this is, or null when it came from the pool. */
        Object owner() {
            return owner;
        }

        @Override
        void watch() {
            if (block != null) MemoryPool.manage(this, block, lease);
        }

        @Override
        void free() {
            if (block != null) MemoryPool.release(block, lease);
        }
    }

    /** A flat ND4J array, on whatever device ND4J runs. */
    static final class Array extends Storage {
        private INDArray flat;

        Array(INDArray flat) {
            this.flat = flat;
        }

        INDArray flat() {
            return flat;
        }

        @Override
        void watch() {
            // ND4J's own deallocator follows reachability
        }

        @Override
        void free() {
            flat = null;
        }
    }
}
