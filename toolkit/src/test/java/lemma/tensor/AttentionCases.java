package lemma.tensor;

/** The functions of attention_fixtures.py. */
final class AttentionCases extends TorchCases.Suite {
    AttentionCases() {
        super("attention-fixtures.json");
        for (String variant : new String[] {"", "Mask", "Blind", "Added", "Shared"}) {
            many("scaledDotProductAttention" + variant, x -> Functional.scaledDotProductAttention(x[0], x[1], x[2], x.length > 3 ? x[3] : null, false));
        }
        many("scaledDotProductAttentionCausal", x -> Functional.scaledDotProductAttention(x[0], x[1], x[2], null, true));
        two("maskedSoftmax", (x, hidden) -> Functional.maskedSoftmax(x.maskedFill(hidden, Double.NEGATIVE_INFINITY)));
        two("straightThrough", Functional::straightThrough);
    }
}
