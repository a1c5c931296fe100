package lemma.nn;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import lemma.tensor.Tensor;

/** Networks that answer with a sequence of places in their input: place 0 ends the answer, place i is the i-th input. */
public sealed interface PointingModule extends Module permits PointerNetwork, ContentAttentionSeq2Seq {
    /** What an answer may be. */
    enum Answer {
        /** Any sequence. */
        ANY,
        /** A sequence in which no input stands twice. */
        DISTINCT,
        /** All inputs, each once. */
        PERMUTATION
    }

    /** The inputs as {@link #logits(Reading, Tensor, Bound)} takes them. */
    Reading read(Tensor inputs, Bound at);

    /**
     * What was read.
     *
     * @param inputs (batch, n, in)
     * @param memory states of the encoder
     */
    record Reading(Tensor inputs, PointReader.Memory memory) {
        Reading rows(int[] sequence) {
            Tensor index = Tensor.of(IntStream.of(sequence).asLongStream().toArray());
            return new Reading(inputs.indexSelect(0, index), memory.rows(index));
        }
    }

    /**
     * Logits of each next place, given the ones before it (teacher forcing).
     *
     * @param chosen INT64 (batch, t), places from 1
     * @return (batch, 1 + t, places)
     */
    Tensor logits(Reading reading, Tensor chosen, Bound at);

    /**
     * Mean cross-entropy in nats of the places of the right answers.
     *
     * @param inputs (batch, n, in)
     * @param targets INT64 (batch, m): places from 1, then 0, then numbers below 0, which do not count
     */
    static Tensor loss(Model model, Tensor inputs, Tensor targets) {
        PointingModule net = of(model);
        Bound at = model.bind(Pass.eval());
        return Seq2SeqTransformer.loss(net.logits(net.read(inputs, at), targets.narrow(1, 0, targets.dim(1) - 1), at), targets);
    }

    /**
     * The answers that a search finds, as places from 0, the inputs read once.
     *
     * @param search whose end is place 0
     * @throws IllegalArgumentException if the model's module is no PointingModule, or the end is another place
     */
    static List<int[]> answers(Model model, Tensor inputs, BeamSearch search, Answer answer) {
        if (search.end() != 0) throw new IllegalArgumentException("PointingModule: the search ends with " + search.end() + ", expected 0");
        PointingModule net = of(model);
        Bound at = model.bind(Pass.eval());
        Reading reading = net.read(inputs, at);
        Function<int[], Reading> rows = sequence -> reading.rows(sequence);
        return search.search(inputs.dim(0), (beginnings, sequence) -> {
            Tensor chosen = beginnings.narrow(1, 1, beginnings.dim(1));
            Tensor logits = net.logits(rows.apply(sequence), chosen, at);
            Tensor last = logits.narrow(1, chosen.dim(1), chosen.dim(1) + 1).squeeze(1);
            return allowed(last, chosen, inputs.dim(1), answer).logSoftmax(-1);
        }).stream().map(places -> IntStream.of(places).map(p -> p - 1).toArray()).toList();
    }

    private static Tensor allowed(Tensor logits, Tensor chosen, int inputs, Answer answer) {
        if (answer == Answer.ANY) return logits;
        int rows = logits.dim(0);
        int places = logits.dim(1);
        boolean[] forbidden = new boolean[rows * places];
        long[] before = chosen.toLongs();
        int t = chosen.dim(1);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < t; i++) forbidden[row * places + (int) before[row * t + i]] = true;
            if (answer == Answer.PERMUTATION) forbidden[row * places] = t < inputs;
        }
        return logits.maskedFill(Tensor.of(forbidden, rows, places), Double.NEGATIVE_INFINITY);
    }

    private static PointingModule of(Model model) {
        if (model.module() instanceof PointingModule net) return net;
        throw new IllegalArgumentException("PointingModule: the model is a " + model.module() + ", expected a PointerNetwork or a ContentAttentionSeq2Seq");
    }

    /** The share of answers that are right, place by place. */
    static double exact(List<int[]> answers, int[][] right) {
        return IntStream.range(0, right.length).filter(i -> Arrays.equals(answers.get(i), right[i])).count() / (double) right.length;
    }
}
