package lemma.tensor;

/** Special functions of one to three broadcast arguments that a {@link Backend} computes; {@link Special} says what each is. */
public enum SpecialFunction {
    GAMMALN(1), GAMMA(1), DIGAMMA(1),
    /** Of (n, x), n a whole number from 1. */
    POLYGAMMA(2),
    /** Of (s, q). */
    ZETA(2),
    BETALN(2), BETA(2), GAMMAINC(2), GAMMAINCC(2),
    /** Of (a, b, x). */
    BETAINC(3),
    ERFC(1), ERFCX(1), ERFINV(1), NDTR(1), LOG_NDTR(1), NDTRI(1),
    I0(1), I0E(1), I1(1), I1E(1), J0(1), J1(1);

    private final int arguments;

    SpecialFunction(int arguments) {
        this.arguments = arguments;
    }

    /** Number of arguments. */
    public int arguments() {
        return arguments;
    }
}
