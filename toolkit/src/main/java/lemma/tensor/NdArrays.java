package lemma.tensor;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.bytedeco.javacpp.BooleanPointer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.BooleanIndexer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.javacpp.indexer.Indexer;
import org.bytedeco.javacpp.indexer.IntIndexer;
import org.bytedeco.javacpp.indexer.LongIndexer;
import org.bytedeco.javacpp.indexer.UByteIndexer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Tensors as ND4J arrays and back without a copy, and copies between backends. */
final class NdArrays {
    private NdArrays() {}

    /** True if ND4J computes in this process's memory, so that arrays and tensors can share it. */
    private static boolean sharesMemory() {
        return Nd4j.getBackend().getEnvironment().isCPU();
    }

    /** The elements of {@code array}, shared; the storage holds on to it. */
    static Tensor wrap(INDArray array) {
        DType type = dtype(array.dataType());
        int[] dims = Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray();
        if (array.isEmpty()) return CpuBackend.INSTANCE.empty(dims.length == 0 ? Shape.of(0) : Shape.of(dims), type);
        if (!sharesMemory()) return wrapOnDevice(array, Shape.of(dims), type);
        // of a view, data().address() is where the whole buffer starts, addressPointer() where the view does
        long first = array.data().addressPointer().address();
        Storage storage = new Storage.Host(first, reach(dims, array.stride()) * type.bytes(), array);
        storage.pin();
        return new Tensor(CpuBackend.INSTANCE, storage, Shape.of(dims), array.stride().clone(), 0, type);
    }

    private static Tensor wrapOnDevice(INDArray array, Shape shape, DType type) {
        Storage storage = new Storage.Array(array);
        storage.pin();
        return new Tensor(Nd4jBackend.INSTANCE, storage, shape, array.stride().clone(), array.offset(), type);
    }

    /** Elements from the first to the last that a tensor of these lengths and strides touches. */
    private static long reach(int[] dims, long[] strides) {
        long last = 0;
        for (int i = 0; i < dims.length; i++) {
            if (dims[i] == 0) return 0;
            last += (dims[i] - 1) * strides[i];
        }
        return last + 1;
    }

    /** The elements of {@code t}, shared and pinned. */
    static INDArray view(Tensor t) {
        Tensor plain = Batching.shared(t.detach(), "array");
        DataType type = dataType(plain.dtype());
        long[] shape = longs(plain.shape());
        if (plain.size() == 0) return Nd4j.create(type, shape);
        plain.keep();
        if (plain.storage() instanceof Storage.Array nd) return strided(nd.flat(), plain);
        if (isWholeOwner(plain) && plain.storage() instanceof Storage.Host host) return (INDArray) host.owner();
        if (!sharesMemory()) throw new IllegalStateException("array: " + plain.dtype() + " " + plain.shape() + " lives in backend " + plain.backend().name()
                + " and ND4J computes on a device; move it there first with to(Nd4jBackend.INSTANCE)");
        return strided(buffer(plain, reach(plain.shape().raw(), plain.strides())), plain, 0);
    }

    /** True if {@code t} is all of the array it was made from, which then serves as it is. */
    private static boolean isWholeOwner(Tensor t) {
        return t.storage() instanceof Storage.Host host && host.owner() instanceof INDArray whole && t.offset() == 0
                && Arrays.equals(whole.stride(), t.strides()) && Arrays.equals(whole.shape(), longs(t.shape()));
    }

    /** The view of {@code flat}'s buffer that {@code t} describes. */
    static INDArray strided(INDArray flat, Tensor t) {
        return strided(flat.data(), t, t.offset());
    }

    private static INDArray strided(DataBuffer data, Tensor t, long offset) {
        return strided(data, longs(t.shape()), t.strides(), offset);
    }

    /** An array over part of a buffer. ND4J guesses a wrong single stride for some layouts, so it is told that there is none. */
    static INDArray strided(DataBuffer data, long[] shape, long[] strides, long offset) {
        long step = 1;
        boolean dense = true;
        for (int i = shape.length - 1; i >= 0; i--) {
            dense &= shape[i] == 1 || strides[i] == step;
            step *= shape[i];
        }
        return Nd4j.create(data, shape, strides, offset, dense ? 1 : 0, 'c');
    }

    private static long[] longs(Shape shape) {
        return Arrays.stream(shape.raw()).asLongStream().toArray();
    }

    /** A buffer over the memory of {@code t} that keeps its storage reachable: ND4J's views refer to the buffer they were cut from. */
    private static DataBuffer buffer(Tensor t, long elements) {
        DataType type = dataType(t.dtype());
        Pointer at = new Address(t, elements);
        return switch (t.dtype()) {
            case FLOAT32 -> {
                FloatPointer p = new PinnedFloats(at, t);
                yield buffer(p, type, elements, FloatIndexer.create(p));
            }
            case FLOAT64 -> {
                DoublePointer p = new PinnedDoubles(at, t);
                yield buffer(p, type, elements, DoubleIndexer.create(p));
            }
            case INT32 -> {
                IntPointer p = new PinnedInts(at, t);
                yield buffer(p, type, elements, IntIndexer.create(p));
            }
            case INT64 -> {
                LongPointer p = new PinnedLongs(at, t);
                yield buffer(p, type, elements, LongIndexer.create(p));
            }
            case UINT8 -> {
                BytePointer p = new PinnedBytes(at, t);
                yield buffer(p, type, elements, UByteIndexer.create(p));
            }
            case BOOL -> {
                BooleanPointer p = new PinnedBooleans(at, t);
                yield buffer(p, type, elements, BooleanIndexer.create(p));
            }
            case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException("array: ND4J has no " + t.dtype());
        };
    }

    // Nd4j.createBuffer would copy the pointer and lose what it holds on to
    private static DataBuffer buffer(Pointer pointer, DataType type, long elements, Indexer indexer) {
        return Nd4j.getDataBufferFactory().create(pointer, type, elements, indexer);
    }

    private static final class Address extends Pointer {
        Address(Tensor t, long elements) {
            address = t.address();
            limit = elements;
            capacity = elements;
        }
    }

    private static final class PinnedFloats extends FloatPointer {
        private final Tensor owner;

        PinnedFloats(Pointer at, Tensor owner) {
            super(at);
            this.owner = owner;
        }
    }

    private static final class PinnedDoubles extends DoublePointer {
        private final Tensor owner;

        PinnedDoubles(Pointer at, Tensor owner) {
            super(at);
            this.owner = owner;
        }
    }

    private static final class PinnedInts extends IntPointer {
        private final Tensor owner;

        PinnedInts(Pointer at, Tensor owner) {
            super(at);
            this.owner = owner;
        }
    }

    private static final class PinnedLongs extends LongPointer {
        private final Tensor owner;

        PinnedLongs(Pointer at, Tensor owner) {
            super(at);
            this.owner = owner;
        }
    }

    private static final class PinnedBytes extends BytePointer {
        private final Tensor owner;

        PinnedBytes(Pointer at, Tensor owner) {
            super(at);
            this.owner = owner;
        }
    }

    private static final class PinnedBooleans extends BooleanPointer {
        private final Tensor owner;

        PinnedBooleans(Pointer at, Tensor owner) {
            super(at);
            this.owner = owner;
        }
    }

    // ---- copies between backends ----

    /** A contiguous copy on another backend. */
    static Tensor move(Tensor t, Backend to) {
        if (t.node != null && Context.get().recording) {
            Backend home = t.backend();
            return Tensor.record("to", move(t.detach(), to), (g, y) -> new Tensor[] {g.to(home)}, t);
        }
        Tensor plain = t.detach();
        if (plain.size() == 0) return to.empty(plain.shape(), plain.dtype());
        if (plain.dtype().isComplex()) return Complex.complexView(move(Complex.realView(plain), to));
        if (sharesMemory()) return copyShared(plain, to);
        return plain.storage() instanceof Storage.Array ? fromDevice(plain) : toDevice(plain);
    }

    private static Tensor copyShared(Tensor t, Backend to) {
        Tensor source = t.contiguous();
        Tensor target = to.empty(t.shape(), t.dtype());
        share(target).assign(share(source));
        Reference.reachabilityFence(source);
        Reference.reachabilityFence(target);
        return target;
    }

    /** As {@link #view}, but the tensor stays with its scope: only for arrays that do not outlive the call. */
    private static INDArray share(Tensor t) {
        t.storage().checkLive(t.shape(), t.dtype());
        if (t.storage() instanceof Storage.Array nd) return strided(nd.flat(), t);
        return strided(buffer(t, t.size()), t, 0);
    }

    private static Tensor toDevice(Tensor t) {
        INDArray flat = switch (t.dtype()) {
            case FLOAT32 -> Nd4j.createFromArray(t.toFloats());
            case FLOAT64 -> Nd4j.createFromArray(t.toDoubles());
            case INT32 -> Nd4j.createFromArray(t.toInts());
            case INT64 -> Nd4j.createFromArray(t.toLongs());
            case UINT8 -> Nd4j.createFromArray(t.toInts()).castTo(DataType.UBYTE);
            case BOOL -> Nd4j.createFromArray(t.toBooleans());
            case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException("to: ND4J has no " + t.dtype());
        };
        return Nd4jBackend.INSTANCE.own(flat, t.shape(), t.dtype());
    }

    private static Tensor fromDevice(Tensor t) {
        int[] shape = t.shape().dims();
        DataBuffer data = strided(((Storage.Array) t.storage()).flat(), t).dup('c').data();
        Tensor flat = switch (t.dtype()) {
            case FLOAT32 -> Tensor.of(data.asFloat());
            case FLOAT64 -> Tensor.of(data.asDouble());
            case INT32, UINT8 -> Tensor.of(data.asInt());
            case INT64 -> Tensor.of(data.asLong());
            case BOOL -> Tensor.of(data.asInt()).ne(0);
            case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException("to: ND4J has no " + t.dtype());
        };
        return flat.to(t.dtype()).reshape(shape);
    }

    static DType dtype(DataType type) {
        return switch (type) {
            case FLOAT -> DType.FLOAT32;
            case DOUBLE -> DType.FLOAT64;
            case INT -> DType.INT32;
            case LONG -> DType.INT64;
            case BOOL -> DType.BOOL;
            case UBYTE -> DType.UINT8;
            default -> throw new IllegalArgumentException("Tensor.of: INDArray of " + type + ", expected FLOAT, DOUBLE, INT, LONG, BOOL or UBYTE; castTo one of them first");
        };
    }

    static DataType dataType(DType type) {
        return switch (type) {
            case FLOAT32 -> DataType.FLOAT;
            case FLOAT64 -> DataType.DOUBLE;
            case INT32 -> DataType.INT;
            case INT64 -> DataType.LONG;
            case BOOL -> DataType.BOOL;
            case UINT8 -> DataType.UBYTE;
            case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException("ND4J has no " + type + "; it has FLOAT32, FLOAT64, INT32, INT64, UINT8 and BOOL");
        };
    }
}
