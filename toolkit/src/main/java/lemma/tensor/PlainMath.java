package lemma.tensor;

/** Elementary functions of one number, in double precision and the same on every machine. */
final class PlainMath {
    private static final double TWO_OVER_SQRT_PI = 1.1283791670955126;
    private static final double INV_SQRT_PI = 0.5641895835477563;
    private static final double INV_SQRT_2PI = 0.3989422804014327;
    private static final double SQRT_2_OVER_PI = 0.7978845608028654;
    private static final double GELU_CUBIC = 0.044715;

    private PlainMath() {}

    static double unary(Unary op, double x) {
        return switch (op) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> Math.signum(x);
            case SQUARE -> x * x;
            case SQRT -> Math.sqrt(x);
            case RSQRT -> 1 / Math.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case FLOOR -> Math.floor(x);
            case CEIL -> Math.ceil(x);
            case ROUND -> Math.rint(x);
            case EXP -> StrictMath.exp(x);
            case EXPM1 -> StrictMath.expm1(x);
            case LOG -> StrictMath.log(x);
            case LOG1P -> StrictMath.log1p(x);
            case SIN -> StrictMath.sin(x);
            case COS -> StrictMath.cos(x);
            case TAN -> StrictMath.tan(x);
            case ASIN -> StrictMath.asin(x);
            case ACOS -> StrictMath.acos(x);
            case ATAN -> StrictMath.atan(x);
            case SINH -> StrictMath.sinh(x);
            case COSH -> StrictMath.cosh(x);
            case TANH -> StrictMath.tanh(x);
            case ERF -> erf(x);
            case SIGMOID -> sigmoid(x);
            case SOFTPLUS -> (x < 0 ? 0 : x) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
            case RELU -> x < 0 ? 0 : x;
            case GELU -> x * normalCdf(x);
            case GELU_TANH -> x * sigmoid(geluInner(x));
            case SILU -> x * sigmoid(x);
            case CONJ -> x;
            case NOT -> x == 0 ? 1 : 0;
        };
    }

    static double binary(Binary op, double a, double b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case POW -> pow(a, b);
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case MOD -> mod(a, b);
            case FLOOR_DIV -> floorDiv(a, b);
            case ATAN2 -> StrictMath.atan2(a, b);
            case RELU_GRAD -> b <= 0 ? 0 : a;
            case GELU_GRAD -> a * (normalCdf(b) + b * INV_SQRT_2PI * StrictMath.exp(-0.5 * b * b));
            case GELU_TANH_GRAD -> {
                double s = sigmoid(geluInner(b));
                yield a * (s + b * s * (1 - s) * 2 * SQRT_2_OVER_PI * (1 + 3 * GELU_CUBIC * b * b));
            }
            case SILU_GRAD -> {
                double s = sigmoid(b);
                yield a * s * (1 + b * (1 - s));
            }
            case TANH_GRAD -> a * (1 - b * b);
            case SIGMOID_GRAD -> a * b * (1 - b);
            case EQ, NE, LT, LE, GT, GE, AND, OR, XOR -> throw new IllegalArgumentException(op + " has a BOOL result");
        };
    }

    static boolean compare(Binary op, double a, double b) {
        return switch (op) {
            case EQ -> a == b;
            case NE -> a != b;
            case LT -> a < b;
            case LE -> a <= b;
            case GT -> a > b;
            case GE -> a >= b;
            case AND -> a != 0 && b != 0;
            case OR -> a != 0 || b != 0;
            case XOR -> a != 0 ^ b != 0;
            default -> throw new IllegalArgumentException(op + " is no comparison");
        };
    }

    static boolean compare(Binary op, long a, long b) {
        return switch (op) {
            case EQ -> a == b;
            case NE -> a != b;
            case LT -> a < b;
            case LE -> a <= b;
            case GT -> a > b;
            case GE -> a >= b;
            case AND -> a != 0 && b != 0;
            case OR -> a != 0 || b != 0;
            case XOR -> a != 0 ^ b != 0;
            default -> throw new IllegalArgumentException(op + " is no comparison");
        };
    }

    static long unary(Unary op, long x) {
        return switch (op) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SIGN -> Long.signum(x);
            case SQUARE -> x * x;
            case RELU -> Math.max(x, 0);
            case FLOOR, CEIL, ROUND, CONJ -> x;
            case NOT -> x == 0 ? 1 : 0;
            default -> throw new IllegalArgumentException(op + " of integers is not defined; convert to FLOAT32 first");
        };
    }

    static long binary(Binary op, long a, long b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case POW -> pow(a, b);
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case MOD -> {
                if (b == 0) throw new ArithmeticException("mod: an integer modulo 0 has no value; convert to FLOAT32 to get NaN");
                yield Math.floorMod(a, b);
            }
            case FLOOR_DIV -> {
                if (b == 0) throw new ArithmeticException("floorDivide: an integer divided by 0 has no value; convert to FLOAT32 to get an infinity or NaN");
                yield Math.floorDiv(a, b);
            }
            default -> throw new IllegalArgumentException(op + " of integers is not defined; convert to FLOAT32 first");
        };
    }

    private static double pow(double a, double b) {
        // Java makes NaN of 1^NaN and of (-1)^inf; C and IEEE 754 make 1
        if (a == 1 || a == -1 && Double.isInfinite(b)) return 1;
        return StrictMath.pow(a, b);
    }

    private static long pow(long a, long b) {
        if (b < 0) return a == 1 ? 1 : a == -1 ? (b & 1) == 0 ? 1 : -1 : 0;
        long y = 1;
        long x = a;
        for (long e = b; e > 0; e >>= 1) {
            if ((e & 1) == 1) y *= x;
            x *= x;
        }
        return y;
    }

    private static double mod(double a, double b) {
        double r = a % b;
        return r != 0 && r < 0 != b < 0 ? r + b : r;
    }

    /** From the exact remainder, since a / b may round up to the next integer. */
    private static double floorDiv(double a, double b) {
        if (b == 0) return a / b;
        double r = a % b;
        double q = (a - r) / b;
        if (r != 0 && r < 0 != b < 0) q -= 1;
        return q == 0 ? Math.copySign(0, a / b) : Math.rint(q);
    }

    static double sigmoid(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    private static double geluInner(double x) {
        return 2 * SQRT_2_OVER_PI * (x + GELU_CUBIC * x * x * x);
    }

    static double normalCdf(double x) {
        double z = x * Math.sqrt(0.5);
        if (z > -2) return 0.5 * (1 + erf(z));
        return 0.5 * erfcTail(-z);
    }

    /** The error function, to 2 ulp. */
    static double erf(double x) {
        double a = Math.abs(x);
        if (a < 2) return erfSeries(x);
        if (a > 6) return Math.signum(x);
        return Double.isNaN(x) ? x : Math.copySign(1 - erfcTail(a), x);
    }

    // erf(x) = 2/sqrt(pi) exp(-x^2) sum_n 2^n x^(2n+1) / (2n+1)!!: all terms have one sign
    private static double erfSeries(double x) {
        double x2 = x * x;
        double term = 1;
        double rest = 0;
        for (int n = 1; term > 1e-18 * (1 + rest); n++) {
            term *= 2 * x2 / (2 * n + 1);
            rest += term;
        }
        return TWO_OVER_SQRT_PI * x * expOfMinusSquare(x) * (1 + rest);
    }

    /** erfc for a at least 2, by its continued fraction from the tail. */
    private static double erfcTail(double a) {
        double f = a;
        for (int k = 60; k >= 1; k--) f = a + 0.5 * k / f;
        return INV_SQRT_PI * expOfMinusSquare(a) / f;
    }

    static double expOfMinusSquare(double x) {
        double square = x * x;
        double lost = Math.fma(x, x, -square);
        double e = StrictMath.exp(-square);
        return e == 0 ? 0 : e - e * lost;
    }
}
