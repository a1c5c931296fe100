package lemma.tensor;

/** The functions of recurrence_fixtures.py. */
final class RecurrenceCases extends TorchCases.Suite {
    RecurrenceCases() {
        super("recurrence-fixtures.json");
        for (String name : new String[] {"lstm", "lstmOneStep", "lstmOneRow", "lstmWide"}) many(name, x -> Recurrence.lstm(x[0], x[1], x[2], x[3], false)[0]);
        many("lstmReverse", x -> Recurrence.lstm(x[0], x[1], x[2], x[3], true)[0]);
        many("lstmTimeFirst", x -> Recurrence.lstm(x[0].transpose(0, 1), x[1], x[2], x[3], false)[0]);
        many("lstmMemory", x -> last(Recurrence.lstm(x[0], x[1], x[2], x[3], false)[1]));
        many("lstmBoth", x -> {
            Tensor[] out = Recurrence.lstm(x[0], x[1], x[2], x[3], false);
            return out[0].sum(1).mul(last(out[1]));
        });
        for (String name : new String[] {"gru", "gruOneStep", "gruOneRow", "gruWide"}) many(name, x -> Recurrence.gru(x[0], x[1], x[2], x[3], false));
        many("gruReverse", x -> Recurrence.gru(x[0], x[1], x[2], x[3], true));
        many("gruTimeFirst", x -> Recurrence.gru(x[0].transpose(0, 1), x[1], x[2], x[3], false));
        many("rnnTanh", x -> Recurrence.rnn(Cell.RNN_TANH, x[0], x[1], x[2], false));
        many("rnnTanhReverse", x -> Recurrence.rnn(Cell.RNN_TANH, x[0], x[1], x[2], true));
        for (String name : new String[] {"rnnRelu", "rnnReluWide"}) many(name, x -> Recurrence.rnn(Cell.RNN_RELU, x[0], x[1], x[2], false));
    }

    private static Tensor last(Tensor memory) {
        return memory.get(Slice.all(), Slice.at(-1));
    }
}
