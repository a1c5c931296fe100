package lemma.tensor;

import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Tensors as ND4J arrays and back without a copy. */
final class NdArrays {
    private NdArrays() {}

    /** The elements of {@code array}, shared; the storage holds on to it. */
    static Tensor wrap(INDArray array) {
        DType type = dtype(array.dataType());
        int[] dims = Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray();
        long[] strides = array.stride().clone();
        long first = array.isEmpty() ? 0 : array.data().address() + array.offset() * type.bytes() - bufferOffset(array) * type.bytes();
        Storage storage = new Storage.Host(first, reach(dims, strides) * type.bytes(), array);
        storage.pin();
        return new Tensor(CpuBackend.INSTANCE, storage, Shape.of(dims), strides, 0, type);
    }

    /** {@link DataBuffer#address()} of a view buffer already includes its offset. */
    private static long bufferOffset(INDArray array) {
        return array.data().offset();
    }

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
        Tensor plain = t.detach();
        if (plain.storage() instanceof Storage.Array nd) return arrayOf(nd.flat().data(), plain, plain.offset());
        if (plain.storage() instanceof Storage.Host host && host.owner() instanceof INDArray whole && sameView(whole, plain, host)) return whole;
        if (plain.size() == 0) return Nd4j.create(dataType(plain.dtype()), Arrays.stream(plain.shape().raw()).asLongStream().toArray());
        plain.keep();
        long reach = reach(plain.shape().raw(), plain.strides());
        Pointer pointer = pointer(plain, reach);
        return arrayOf(Nd4j.createBuffer(pointer, reach, dataType(plain.dtype())), plain, 0);
    }

    private static boolean sameView(INDArray whole, Tensor t, Storage.Host host) {
        return t.offset() == 0 && host.bytes > 0 && Arrays.equals(whole.stride(), t.strides())
                && Arrays.equals(whole.shape(), Arrays.stream(t.shape().raw()).asLongStream().toArray());
    }

    private static INDArray arrayOf(DataBuffer data, Tensor t, long offset) {
        long[] shape = Arrays.stream(t.shape().raw()).asLongStream().toArray();
        return Nd4j.create(data, shape, t.strides(), offset, 'c', dataType(t.dtype()));
    }

    /** A pointer that keeps the tensor's storage reachable. */
    private static Pointer pointer(Tensor t, long elements) {
        return switch (t.dtype()) {
            case FLOAT32 -> new PinnedFloats(t, elements);
            case FLOAT64 -> new PinnedDoubles(t, elements);
            case INT32 -> new PinnedInts(t, elements);
            case INT64 -> new PinnedLongs(t, elements);
            case BOOL, UINT8 -> new PinnedBytes(t, elements);
            case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException("array: ND4J has no " + t.dtype());
        };
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

        PinnedFloats(Tensor t, long elements) {
            super(new Address(t, elements));
            owner = t;
        }
    }

    private static final class PinnedDoubles extends DoublePointer {
        private final Tensor owner;

        PinnedDoubles(Tensor t, long elements) {
            super(new Address(t, elements));
            owner = t;
        }
    }

    private static final class PinnedInts extends IntPointer {
        private final Tensor owner;

        PinnedInts(Tensor t, long elements) {
            super(new Address(t, elements));
            owner = t;
        }
    }

    private static final class PinnedLongs extends LongPointer {
        private final Tensor owner;

        PinnedLongs(Tensor t, long elements) {
            super(new Address(t, elements));
            owner = t;
        }
    }

    private static final class PinnedBytes extends BytePointer {
        private final Tensor owner;

        PinnedBytes(Tensor t, long elements) {
            super(new Address(t, elements));
            owner = t;
        }
    }

    /** A contiguous copy on another backend. */
    static Tensor move(Tensor t, Backend to) {
        Tensor source = t.detach().contiguous();
        INDArray from = view(source);
        Tensor target = to.empty(t.shape(), t.dtype());
        view(target).assign(from);
        java.lang.ref.Reference.reachabilityFence(source);
        return target;
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
            case COMPLEX64, COMPLEX128 -> throw new IllegalArgumentException("ND4J has no " + type);
        };
    }
}
