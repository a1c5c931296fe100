package lemma.nn;

import java.util.List;
import lemma.tensor.Random;
import lemma.tensor.Tensor;

/**
 * What {@link PointerNetwork} and {@link ContentAttentionSeq2Seq} share: an LSTM that reads the inputs, and one that begins where it ends and reads the
 * inputs chosen so far. Place 0 is the end, place i the i-th input.
 */
record PointReader(String name, int in, int hidden) {
    /**
     * @param places states of the reading LSTM, the end's first (batch, 1 + n, hidden)
     * @param h its last state
     * @param c its last memory
     */
    record Memory(Tensor places, Tensor h, Tensor c) {
        Memory rows(Tensor index) {
            return new Memory(places.indexSelect(0, index), h.indexSelect(1, index), c.indexSelect(1, index));
        }
    }

    PointReader {
        if (in < 1 || hidden < 1) throw new IllegalArgumentException(name + ": in " + in + ", hidden " + hidden + ", expected at least 1");
    }

    private Lstm lstm() {
        return Lstm.of(in, hidden);
    }

    Params params(Random random) {
        return Params.EMPTY.withChild("encoder", lstm().params(random)).withChild("decoder", lstm().params(random))
                .with("end", Init.fanInUniform(random, hidden, hidden)).with("start", Init.fanInUniform(random, hidden, in));
    }

    Memory read(Tensor inputs, Bound at) {
        if (inputs.rank() != 3 || inputs.dim(2) != in || inputs.dim(1) == 0) throw new IllegalArgumentException(name + ": inputs are " + inputs.shape() + ", expected (batch, at least one, " + in + ")");
        Lstm.Output out = lstm().run(inputs, null, null, at.child("encoder"));
        Tensor end = at.param("end").expand(inputs.dim(0), 1, hidden);
        return new Memory(Tensor.concat(List.of(end, out.y()), 1), out.h(), out.c());
    }

    /** States (batch, 1 + t, hidden) after none, one, ... of {@code chosen}, INT64 (batch, t); places below 1 are read as the first input. */
    Tensor write(Tensor inputs, Memory memory, Tensor chosen, Bound at) {
        Tensor start = at.param("start").expand(inputs.dim(0), 1, in);
        Tensor steps = chosen.dim(1) == 0 ? start : Tensor.concat(List.of(start, selected(inputs, chosen)), 1);
        return lstm().run(steps, memory.h(), memory.c(), at.child("decoder")).y();
    }

    private Tensor selected(Tensor inputs, Tensor chosen) {
        Tensor place = chosen.sub(1).maximum(0).minimum(inputs.dim(1) - 1.0);
        return inputs.gather(1, place.unsqueeze(2).expand(chosen.dim(0), chosen.dim(1), in));
    }
}
