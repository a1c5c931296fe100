package lemma.tensor;

import java.util.Arrays;

/** What {@link WithoutVectorsTest} runs in a process without the module of vector instructions: every recorded case, and random numbers. */
final class WithoutVectorsProgram {
    private WithoutVectorsProgram() {}

    public static void main(String[] args) {
        System.out.println("vectors " + Vectors.AVAILABLE);
        int cases = 0;
        for (TorchCases.Case c : TorchCases.all()) {
            cases++;
            check(c.name() + " float64", () -> Math.max(TorchFixturesTest.valueError(c, DType.FLOAT64), orZero(TorchFixturesTest.gradientError(c, DType.FLOAT64))), 1e-9);
            check(c.name() + " float32", () -> Math.max(TorchFixturesTest.valueError(c, DType.FLOAT32), orZero(TorchFixturesTest.gradientError(c, DType.FLOAT32))), 1e-5);
        }
        System.out.println("cases " + cases);
        System.out.println("random " + random());
    }

    private interface Error {
        double largest();
    }

    private static void check(String name, Error error, double tolerance) {
        try {
            double e = error.largest();
            if (!(e <= tolerance)) System.out.println("wrong " + name + " by " + e);
        } catch (RuntimeException | LinkageError e) {
            System.out.println("failed " + name + ": " + e);
        }
    }

    private static double orZero(double e) {
        return Double.isNaN(e) ? 0 : e;
    }

    /** A number that changes with any bit of these draws. */
    static int random() {
        int hash = 0;
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
            hash = 31 * hash + Arrays.hashCode(Random.seed(5).normal(Shape.of(1001), type).toDoubles());
            hash = 31 * hash + Arrays.hashCode(Random.seed(6).uniform(Shape.of(1001), type).toDoubles());
        }
        return hash;
    }
}
