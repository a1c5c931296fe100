package lemma.optim;

/** {@link Adam} with PyTorch's default decoupled weight decay of 0.01, under PyTorch's name. */
public final class AdamW {
    private AdamW() {}

    public static Adam of(double learningRate) {
        return of(Schedule.constant(learningRate));
    }

    public static Adam of(Schedule schedule) {
        return Adam.of(schedule).withWeightDecay(0.01);
    }
}
