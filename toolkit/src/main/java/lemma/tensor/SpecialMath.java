package lemma.tensor;

/**
 * Special functions of one number or a few, in double precision and the same on every machine: a few units in the last place but near
 * zeros that are not at a simple point, where the error is that much of the function's size around. The tables are printed by
 * src/test/python/special_coefficients.py.
 *
 * @see <a href="https://dlmf.nist.gov/">NIST Digital Library of Mathematical Functions</a>, chapters 5, 7, 8, 10 and 25
 */
final class SpecialMath {
    private static final double HALF_LOG_2PI = 0.9189385332046727;
    private static final double SQRT_2PI = 2.5066282746310007;
    private static final double SQRT_2 = 1.4142135623730951;
    private static final double SQRT_HALF = 0.7071067811865476;
    private static final double TWO_OVER_SQRT_PI = 1.1283791670955126;
    private static final double ONE_MINUS_EULER = 0.42278433509846714;
    private static final double EPS = 0x1p-53;
    private static final int MAX_TERMS = 1_000_000;

    /** The zero of digamma, in two parts, and its Taylor coefficients there. */
    private static final double DIGAMMA_ZERO = 1.4616321449683622;
    private static final double DIGAMMA_ZERO_REST = 9.549995429965697e-17;
    private static final double[] DIGAMMA_TAYLOR = new double[40];
    /** {@code (-1)^n (zeta(n) - 1) / n}: Taylor coefficients of log Gamma at 2, but the first two. */
    private static final double[] GAMMALN_TAYLOR = new double[34];
    /** Bernoulli numbers B2, B4, ... */
    private static final double[] BERNOULLI = {1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510, 43867.0 / 798,
        -174611.0 / 330, 854513.0 / 138, -236364091.0 / 2730};

    /** {@code (1 + 2x) exp(x^2) erfc(x)} on [0, infinity) in Chebyshev polynomials of {@code t = (x - 3.75) / (x + 3.75)}. */
    private static final double[] ERFCX = {
        1.1775789345674017, -0.004590054580646478, -0.08424913336651792, 0.05920993999819189, -0.026658668435305753, 0.009074997670705265,
        -0.002413163540417608, 0.0004907758365258086, -6.916973302501207e-05, 4.13902798607301e-06, 7.74038306619849e-07, -2.1886401049234397e-07,
        1.076499946567091e-08, 4.521959811218287e-09, -7.754400208831351e-10, -6.318088340886684e-11, 2.86879501093067e-11, 1.9455868545777347e-13,
        -9.65469674843344e-13, 3.25254814814874e-14, 3.3478119482868056e-14, -1.864562880419313e-15, -1.2507950530688648e-15, 7.418235256624044e-17,
        5.068148904796111e-17, -2.2370566594359995e-18, -2.187342944303018e-18};

    /** Row k: Taylor coefficients of c_k(eta) in Temme's expansion of the incomplete gamma functions. */
    private static final double[][] TEMME = {
        {
            -0.3333333333333333, 0.08333333333333333, -0.014814814814814815, 0.0011574074074074073, 0.0003527336860670194, -0.0001787551440329218,
            3.919263178522438e-05, -2.185448510679992e-06, -1.85406221071516e-06, 8.296711340953087e-07, -1.7665952736826078e-07,
            6.707853543401498e-09, 1.0261809784240309e-08, -4.382036018453353e-09, 9.14769958223679e-10, -2.5514193994946248e-11},
        {
            -0.001851851851851852, -0.003472222222222222, 0.0026455026455026454, -0.0009902263374485596, 0.00020576131687242798,
            -4.018775720164609e-07, -1.8098550334489977e-05, 7.64916091608111e-06, -1.6120900894563446e-06, 4.647127802807434e-09,
            1.378633446915721e-07, -5.752545603517705e-08, 1.1951628599778148e-08, -1.7543241719747647e-11, -1.0091543710600413e-09,
            4.162792991842583e-10},
        {
            0.004133597883597883, -0.0026813271604938273, 0.0007716049382716049, 2.0093878600823047e-06, -0.0001073665322636516,
            5.2923448829120125e-05, -1.2760635188618728e-05, 3.423578734096138e-08, 1.3721957309062934e-06, -6.298992138380055e-07,
            1.4280614206064242e-07, -2.0477098421990866e-10, -1.409252991086752e-08, 6.228974084922022e-09, -1.3670488396617114e-09,
            9.428356159014678e-13},
        {
            0.0006494341563786008, 0.00022947209362139917, -0.0004691894943952557, 0.00026772063206283885, -7.561801671883977e-05,
            -2.396505113867297e-07, 1.1082654115347302e-05, -5.6749528269915965e-06, 1.4230900732435883e-06, -2.7861080291528143e-11,
            -1.6958404091930278e-07, 8.099464905388083e-08, -1.9111168485973655e-08, 2.3928620439808118e-12, 2.0620131815488797e-09,
            -9.460496661855133e-10},
        {
            -0.0008618882909167117, 0.0007840392217200666, -0.0002990724803031902, -1.4638452578843418e-06, 6.641498215465122e-05,
            -3.968365047179435e-05, 1.1375726970678419e-05, 2.507497226237533e-10, -1.6954149536558305e-06, 8.907507532205309e-07,
            -2.292934834000805e-07, 2.956794137544049e-11, 2.8865829742708783e-08, -1.4189739437803219e-08, 3.4463580499464896e-09,
            -2.3024517174528067e-13},
        {
            -0.00033679855336635813, -6.972813758365857e-05, 0.0002772753244959392, -0.00019932570516188847, 6.797780477937208e-05,
            1.419062920643967e-07, -1.3594048189768693e-05, 8.018470256334202e-06, -2.291481176508095e-06, -3.252473551298454e-10,
            3.4652846491085265e-07, -1.8447187191171344e-07, 4.8240967037894184e-08, -1.7989466721743514e-14, -6.306194500013523e-09,
            3.162417628774568e-09}};

    static {
        for (int n = 2; n < GAMMALN_TAYLOR.length; n++) GAMMALN_TAYLOR[n] = (n % 2 == 0 ? 1 : -1) * zeta(n, 2) / n;
        for (int n = 1; n < DIGAMMA_TAYLOR.length; n++) DIGAMMA_TAYLOR[n] = (n % 2 == 0 ? -1 : 1) * zeta(n + 1, DIGAMMA_ZERO);
    }

    private SpecialMath() {}

    /** The function at its arguments; those it does not have are ignored. */
    static double at(SpecialFunction f, double a, double b, double c) {
        return switch (f) {
            case GAMMALN -> gammaln(a);
            case GAMMA -> gamma(a);
            case DIGAMMA -> digamma(a);
            case POLYGAMMA -> polygamma((int) a, b);
            case ZETA -> zeta(a, b);
            case BETALN -> betaln(a, b);
            case BETA -> beta(a, b);
            case GAMMAINC -> gammainc(a, b);
            case GAMMAINCC -> gammaincc(a, b);
            case BETAINC -> betainc(a, b, c);
            case ERFC -> erfc(a);
            case ERFCX -> erfcx(a);
            case ERFINV -> erfinv(a);
            case NDTR -> ndtr(a);
            case LOG_NDTR -> logNdtr(a);
            case NDTRI -> ndtri(a);
            case I0 -> scaledI(0, a, false);
            case I0E -> scaledI(0, a, true);
            case I1 -> scaledI(1, a, false);
            case I1E -> scaledI(1, a, true);
            case J0 -> besselJ(0, a);
            case J1 -> besselJ(1, a);
        };
    }

    // ---- gamma function ----

    static double gammaln(double x) {
        if (Double.isNaN(x)) return x;
        if (Double.isInfinite(x)) return Double.POSITIVE_INFINITY;
        if (x <= 0) {
            if (x == Math.rint(x)) return Double.POSITIVE_INFINITY;
            if (x > -0.5) return gammaln1p(x) - StrictMath.log(-x);
            return StrictMath.log(Math.PI / Math.abs(sinPi(x))) - gammaln(1 - x);
        }
        if (x < 0.5) return gammaln1p(x) - StrictMath.log(x);
        if (x < 1.5) return gammaln1p(x - 1);
        if (x < 2.5) return gammaln2p(x - 2);
        if (x >= 10) return (x - 0.5) * StrictMath.log(x) - x + HALF_LOG_2PI + stirling(x);
        double product = 1;
        double y = x;
        while (y >= 2.5) product *= --y;
        return StrictMath.log(product) + gammaln2p(y - 2);
    }

    /** {@code log Gamma(1 + z)} for z within a half of zero, with all digits where it is small. */
    private static double gammaln1p(double z) {
        return gammaln2p(z) - StrictMath.log1p(z);
    }

    /** {@code log Gamma(2 + z)} for z within a half of zero. */
    private static double gammaln2p(double z) {
        double s = 0;
        for (int n = GAMMALN_TAYLOR.length - 1; n >= 2; n--) s = s * z + GAMMALN_TAYLOR[n];
        return z * (ONE_MINUS_EULER + z * s);
    }

    /** {@code log Gamma(x) - ((x - 1/2) log x - x + log(2 pi) / 2)} for x at least 10. */
    private static double stirling(double x) {
        double r = 1 / (x * x);
        double s = 0;
        for (int k = 8; k >= 1; k--) s = s * r + BERNOULLI[k - 1] / (2 * k * (2 * k - 1));
        return s / x;
    }

    static double gamma(double x) {
        if (Double.isNaN(x)) return x;
        if (x == 0) return 1 / x;
        if (x < 0 && x == Math.rint(x)) return Double.NaN;
        if (x > 171.7) return Double.POSITIVE_INFINITY;
        if (x < -20) return -Math.PI / (x * sinPi(x)) / gamma(-x);
        if (x >= 20) {
            double half = StrictMath.pow(x, 0.5 * x - 0.25);
            return half * (SQRT_2PI * StrictMath.exp(stirling(x)) * StrictMath.exp(-x)) * half;
        }
        double above = 1;
        double below = 1;
        double y = x;
        while (y >= 2.5) above *= --y;
        if (Math.abs(y) < 0.5) return StrictMath.exp(gammaln1p(y)) / y;
        for (; y < 1.5; y++) below *= y;
        return above / below * StrictMath.exp(gammaln2p(y - 2));
    }

    /** {@code sin(pi x)}. */
    private static double sinPi(double x) {
        double whole = Math.rint(x);
        double s = StrictMath.sin(Math.PI * (x - whole));
        return whole % 2 == 0 ? s : -s;
    }

    static double digamma(double x) {
        if (x == 0) return -1 / x;
        if (x == Double.POSITIVE_INFINITY) return x;
        if (x < 0) {
            double rest = x - Math.rint(x);
            if (rest == 0 || Double.isInfinite(x)) return Double.NaN;
            return digamma(1 - x) - Math.PI / StrictMath.tan(Math.PI * rest);
        }
        if (Math.abs(x - DIGAMMA_ZERO) < 0.5) {
            double d = x - DIGAMMA_ZERO - DIGAMMA_ZERO_REST;
            double s = 0;
            for (int n = DIGAMMA_TAYLOR.length - 1; n >= 1; n--) s = (s + DIGAMMA_TAYLOR[n]) * d;
            return s;
        }
        double y = x;
        double sum = 0;
        for (; y < 10; y++) sum -= 1 / y;
        double r = 1 / (y * y);
        double series = 0;
        for (int k = 9; k >= 1; k--) series = (series + BERNOULLI[k - 1] / (2 * k)) * r;
        return sum + StrictMath.log(y) - 0.5 / y - series;
    }

    /** Derivative n (from 1) of digamma. */
    static double polygamma(int n, double x) {
        double z = zeta(n + 1, x) * gamma(n + 1.0);
        return n % 2 == 0 ? -z : z;
    }

    /** Hurwitz's zeta function, the sum of {@code (q + k)^-s} over k from 0, for s above 1, by Euler and Maclaurin's formula. */
    static double zeta(double s, double q) {
        if (s == 1) return Double.POSITIVE_INFINITY;
        if (!(s > 1) || Double.isNaN(q)) return Double.NaN;
        if (q <= 0) {
            if (q == Math.floor(q)) return Double.POSITIVE_INFINITY;
            if (s != Math.floor(s)) return Double.NaN;
        }
        double far = Math.max(12, s);
        double sum = 0;
        double w = q;
        for (; w < far; w++) {
            double term = StrictMath.pow(w, -s);
            sum += term;
            if (w > 0 && term < EPS * EPS * sum) return sum;
        }
        double power = StrictMath.pow(w, -s);
        sum += power * w / (s - 1) + 0.5 * power;
        double factor = s * power / w;
        for (int j = 1; j <= BERNOULLI.length; j++) {
            factor /= (2.0 * j) * Math.max(1, 2 * j - 1);
            double term = BERNOULLI[j - 1] * factor;
            sum += term;
            if (Math.abs(term) < 0.1 * EPS * Math.abs(sum)) return sum;
            factor *= (s + 2 * j - 1) * (s + 2 * j) / (w * w);
        }
        return sum;
    }

    // ---- beta function ----

    static double betaln(double p, double q) {
        if (Double.isNaN(p + q)) return Double.NaN;
        double a = Math.min(p, q);
        double b = Math.max(p, q);
        double n = a + b;
        if (b < 10 || a <= 0) return gammaln(a) + gammaln(b) - gammaln(n);
        if (Double.isInfinite(b)) return Double.NEGATIVE_INFINITY;
        double rest = stirling(b) - stirling(n);
        if (a < 10) return gammaln(a) + rest + a - (b - 0.5) * StrictMath.log1p(a / b) - a * StrictMath.log(n);
        return -0.5 * StrictMath.log(b) + HALF_LOG_2PI + stirling(a) + rest - (a - 0.5) * StrictMath.log1p(b / a) - b * StrictMath.log1p(a / b);
    }

    static double beta(double a, double b) {
        boolean plain = Math.abs(a) < 80 && Math.abs(b) < 80;
        if (plain || a <= 0 || b <= 0) return a + b <= 0 && a + b == Math.rint(a + b) && !(a == Math.rint(a)) ? 0 : gamma(a) * (gamma(b) / gamma(a + b));
        return StrictMath.exp(betaln(a, b));
    }

    // ---- incomplete gamma functions ----

    static double gammainc(double a, double x) {
        if (!(a >= 0 && x >= 0)) return Double.NaN;
        if (a == 0) return x > 0 ? 1 : Double.NaN;
        if (x == 0) return 0;
        if (Double.isInfinite(a)) return Double.isInfinite(x) ? Double.NaN : 0;
        if (Double.isInfinite(x)) return 1;
        if (isNearTransition(a, x)) return temme(a, x, -1);
        return x > 1 && x > a ? 1 - gammaincc(a, x) : gammaSeries(a, x);
    }

    static double gammaincc(double a, double x) {
        if (!(a >= 0 && x >= 0)) return Double.NaN;
        if (a == 0) return x > 0 ? 0 : Double.NaN;
        if (x == 0) return 1;
        if (Double.isInfinite(a)) return Double.isInfinite(x) ? Double.NaN : 1;
        if (Double.isInfinite(x)) return 0;
        if (isNearTransition(a, x)) return temme(a, x, 1);
        if (x > 1.1) return x < a ? 1 - gammaSeries(a, x) : gammaFraction(a, x);
        boolean lowerIsSmall = x <= 0.5 ? -0.4 / StrictMath.log(x) < a : 1.1 * x < a;
        return lowerIsSmall ? 1 - gammaSeries(a, x) : upperForSmallX(a, x);
    }

    private static boolean isNearTransition(double a, double x) {
        return a >= 200 && Math.abs(x - a) < 0.3 * a;
    }

    /** {@code P = x^a e^-x / Gamma(a + 1) sum x^n / ((a + 1) ... (a + n))}, DLMF 8.7.1. */
    private static double gammaSeries(double a, double x) {
        double term = 1;
        double sum = 1;
        for (int n = 1; n < MAX_TERMS && term > EPS * sum; n++) {
            term *= x / (a + n);
            sum += term;
        }
        return poisson(a, x) * sum;
    }

    /** {@code Q} by its continued fraction, DLMF 8.9.2, from the front by Lentz's method. */
    private static double gammaFraction(double a, double x) {
        double scale = poisson(a, x) * a;
        if (scale == 0) return 0;
        double b = x + 1 - a;
        double c = 1e300;
        double d = 1 / b;
        double h = d;
        for (int n = 1; n < MAX_TERMS; n++) {
            double an = -n * (n - a);
            b += 2;
            d = 1 / nonzero(an * d + b);
            c = nonzero(b + an / c);
            double step = c * d;
            h *= step;
            if (Math.abs(step - 1) < 2 * EPS) break;
        }
        return scale * h;
    }

    private static double nonzero(double v) {
        return Math.abs(v) < 1e-300 ? 1e-300 : v;
    }

    /** {@code 1 - P} for small x and a without cancellation. */
    private static double upperForSmallX(double a, double x) {
        double term = 1;
        double sum = 0;
        for (int n = 1; n < 100; n++) {
            term *= -x / n;
            double t = term / (a + n);
            sum += t;
            if (Math.abs(t) < EPS * Math.abs(sum)) break;
        }
        double log = a * StrictMath.log(x) - (a < 0.5 ? gammaln1p(a) : gammaln(a + 1));
        return -StrictMath.expm1(log) - StrictMath.exp(log) * a * sum;
    }

    /** {@code x^a e^-x / Gamma(a + 1)}. */
    private static double poisson(double a, double x) {
        if (a >= 10) {
            double d = (x - a) / a;
            return StrictMath.exp(a * logMinus(x / a, d) - stirling(a)) / (SQRT_2PI * Math.sqrt(a));
        }
        double power = StrictMath.pow(x, a);
        double e = StrictMath.exp(-x);
        if (power > 1e-290 && power < 1e300 && e > 1e-290) return power * e / gamma(a + 1);
        return StrictMath.exp(a * StrictMath.log(x) - x - gammaln(a + 1));
    }

    /** {@code log(r) - d} of {@code r = 1 + d}, both given since each is exact where the other is not. */
    private static double logMinus(double r, double d) {
        if (Math.abs(d) > 0.4) return StrictMath.log(r) - d;
        double t = d / (2 + d);
        double t2 = t * t;
        double s = 0;
        for (int k = 27; k >= 3; k -= 2) s = s * t2 + 1.0 / k;
        return 2 * t * t2 * s - t * d;
    }

    /** Temme's uniform expansion around x = a, DLMF 8.12.3 and 8.12.4: Q for side 1, P for side -1. */
    private static double temme(double a, double x, int side) {
        double half = -logMinus(x / a, (x - a) / a);
        double eta = Math.copySign(Math.sqrt(2 * half), x - a);
        double sum = 0;
        for (int k = TEMME.length - 1; k >= 0; k--) {
            double c = 0;
            for (int n = TEMME[k].length - 1; n >= 0; n--) c = c * eta + TEMME[k][n];
            sum = sum / a + c;
        }
        double z = side * Math.copySign(Math.sqrt(a * half), eta);
        double correction = side * sum / (SQRT_2PI * Math.sqrt(a));
        double e = StrictMath.exp(-a * half);
        if (z >= 0) return e * (0.5 * erfcx(z) + correction);
        return 1 - e * (0.5 * erfcx(-z) - correction);
    }

    // ---- incomplete beta function ----

    static double betainc(double a, double b, double x) {
        if (!(a >= 0 && b >= 0 && x >= 0 && x <= 1) || a == 0 && b == 0) return Double.NaN;
        if (x == 0 || x == 1) return x;
        if (a == 0) return 1;
        if (b == 0) return 0;
        double y = 1 - x;
        return x * (a + b + 2) <= a + 1 ? betaFraction(a, b, x, y) : 1 - betaFraction(b, a, y, x);
    }

    /** DLMF 8.17.22, from the front by Lentz's method; {@code y = 1 - x}. */
    private static double betaFraction(double a, double b, double x, double y) {
        double scale = betaDensity(a, b, x, y) / a;
        if (scale == 0) return 0;
        double c = 1;
        double d = 1 / nonzero(1 - (a + b) * x / (a + 1));
        double h = d;
        for (int m = 1; m < MAX_TERMS; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / nonzero(1 + even * d);
            c = nonzero(1 + even / c);
            h *= c * d;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / nonzero(1 + odd * d);
            c = nonzero(1 + odd / c);
            double step = c * d;
            h *= step;
            if (Math.abs(step - 1) < 2 * EPS) break;
        }
        return scale * h;
    }

    /** {@code x^a y^b / B(a, b)} with {@code y = 1 - x}. */
    private static double betaDensity(double a, double b, double x, double y) {
        if (a >= 10 && b >= 10) {
            double off = Math.fma(x, b, -a * y);
            double n = a + b;
            double exponent = a * logMinus(x * (n / a), off / a) + b * logMinus(y * (n / b), -off / b) + stirling(n) - stirling(a) - stirling(b);
            return StrictMath.exp(exponent) * Math.sqrt(a / n * b) / SQRT_2PI;
        }
        double powers = StrictMath.pow(x, a) * StrictMath.pow(y, b);
        double beta = beta(a, b);
        if (powers > 1e-290 && beta > 1e-290 && beta < 1e290) return powers / beta;
        double logY = x < 0.5 ? StrictMath.log1p(-x) : StrictMath.log(y);
        return StrictMath.exp(a * StrictMath.log(x) + b * logY - betaln(a, b));
    }

    // ---- error functions and the normal distribution ----

    static double erfc(double x) {
        if (x < 0.5) return 1 - PlainMath.erf(x);
        return PlainMath.expOfMinusSquare(x) * erfcx(x);
    }

    static double erfcx(double x) {
        if (x < 0) {
            if (x < -26.7) return Double.POSITIVE_INFINITY;
            double square = x * x;
            double e = StrictMath.exp(square);
            return 2 * (e + e * Math.fma(x, x, -square)) - erfcx(-x);
        }
        if (x > 1e8) return 0.5 * TWO_OVER_SQRT_PI / x;
        double t = (x - 3.75) / (x + 3.75);
        double b1 = 0;
        double b2 = 0;
        for (int k = ERFCX.length - 1; k >= 1; k--) {
            double b0 = 2 * t * b1 - b2 + ERFCX[k];
            b2 = b1;
            b1 = b0;
        }
        return (t * b1 - b2 + ERFCX[0]) / (1 + 2 * x);
    }

    static double erfinv(double y) {
        double a = Math.abs(y);
        if (!(a <= 1)) return Double.NaN;
        if (a == 1) return Math.copySign(Double.POSITIVE_INFINITY, y);
        if (a > 0.5) return Math.copySign(erfcinv(1 - a), y);
        double x = startOfErfinv(a);
        for (int k = 0; k < 3; k++) {
            double step = (PlainMath.erf(x) - a) / (TWO_OVER_SQRT_PI * StrictMath.exp(-x * x));
            x -= step / (1 + x * step);
        }
        return Math.copySign(x, y);
    }

    /** Winitzki's closed form, to two parts in a thousand. */
    private static double startOfErfinv(double a) {
        double log = StrictMath.log1p(-a * a);
        double half = 2 / (Math.PI * 0.147) + 0.5 * log;
        return a < 1e-8 ? a / TWO_OVER_SQRT_PI : Math.sqrt(Math.sqrt(half * half - log / 0.147) - half);
    }

    /** The x with {@code erfc(x) = q} for q in (0, 1/2]: Newton's method on the logarithms. */
    private static double erfcinv(double q) {
        double log = StrictMath.log(q);
        double half = 2 / (Math.PI * 0.147) + 0.5 * (log + StrictMath.log(2 - q));
        double x = Math.sqrt(Math.sqrt(half * half - (log + StrictMath.log(2 - q)) / 0.147) - half);
        for (int k = 0; k < 4; k++) {
            double scaled = erfcx(x);
            x += (StrictMath.log(scaled) - x * x - log) * scaled / TWO_OVER_SQRT_PI;
        }
        return x;
    }

    static double ndtr(double x) {
        if (x > -1) return x < 1 ? 0.5 + 0.5 * PlainMath.erf(x * SQRT_HALF) : 1 - ndtr(-x);
        double square = x * x;
        double e = StrictMath.exp(-0.5 * square);
        return e == 0 ? 0 : 0.5 * (e - e * 0.5 * Math.fma(x, x, -square)) * erfcx(-x * SQRT_HALF);
    }

    static double logNdtr(double x) {
        if (x > -1) return StrictMath.log1p(-ndtr(-x));
        return StrictMath.log(0.5 * erfcx(-x * SQRT_HALF)) - 0.5 * x * x;
    }

    static double ndtri(double p) {
        if (!(p >= 0 && p <= 1)) return Double.NaN;
        if (p > 0.25 && p < 0.75) return SQRT_2 * erfinv(2 * p - 1);
        if (p > 0.5) return -ndtri(1 - p);
        return p == 0 ? Double.NEGATIVE_INFINITY : -SQRT_2 * erfcinv(2 * p);
    }

    // ---- Bessel functions ----

    /** I of order 0 or 1; times {@code exp(-|x|)} if {@code scaled}. */
    private static double scaledI(int order, double x, boolean scaled) {
        double a = Math.abs(x);
        double sign = order == 1 && x < 0 ? -1 : 1;
        if (Double.isNaN(x)) return x;
        if (Double.isInfinite(a)) return scaled ? 0 : sign * a;
        if (a <= 25) return sign * seriesI(order, a) * (scaled ? StrictMath.exp(-a) : 1);
        double tail = tailI(order, a);
        if (scaled) return sign * tail;
        double e = StrictMath.exp(0.5 * a);
        return sign * e * tail * e;
    }

    /** DLMF 10.25.2. */
    private static double seriesI(int order, double a) {
        double quarter = 0.25 * a * a;
        double term = order == 0 ? 1 : 0.5 * a;
        double sum = term;
        for (int k = 1; term > 0.1 * EPS * sum; k++) {
            term *= quarter / (k * (double) (k + order));
            sum += term;
        }
        return sum;
    }

    /** DLMF 10.40.1 without the exponential. */
    private static double tailI(int order, double a) {
        double mu = 4 * order * order;
        double term = 1;
        double sum = 1;
        for (int k = 1; k < 50 && Math.abs(term) > 0.1 * EPS; k++) {
            double odd = 2 * k - 1;
            term *= (odd * odd - mu) / (8 * k * a);
            sum += term;
        }
        return sum / (SQRT_2PI * Math.sqrt(a));
    }

    /** J of order 0 or 1. */
    private static double besselJ(int order, double x) {
        double a = Math.abs(x);
        double sign = order == 1 && x < 0 ? -1 : 1;
        if (Double.isNaN(x)) return x;
        if (Double.isInfinite(a)) return 0;
        return sign * (a < 1 ? seriesJ(order, a) : a < 25 ? recurrenceJ(order, a) : tailJ(order, a));
    }

    private static double seriesJ(int order, double a) {
        double quarter = -0.25 * a * a;
        double term = order == 0 ? 1 : 0.5 * a;
        double sum = term;
        for (int k = 1; Math.abs(term) > 0.1 * EPS * Math.abs(sum); k++) {
            term *= quarter / (k * (double) (k + order));
            sum += term;
        }
        return sum;
    }

    /** Miller's backward recurrence, normalised by {@code J0 + 2 (J2 + J4 + ...) = 1}. */
    private static double recurrenceJ(int order, double a) {
        double above = 0;
        double at = 1e-300;
        double evens = 0;
        for (int n = 2 * (int) (0.6 * a + 20); n > 0; n--) {
            if (n % 2 == 0) evens += at;
            double below = 2 * n / a * at - above;
            above = at;
            at = below;
        }
        return (order == 0 ? at : above) / (at + 2 * evens);
    }

    /** Hankel's expansion, DLMF 10.17.3. */
    private static double tailJ(int order, double a) {
        double mu = 4 * order * order;
        double term = 1;
        double p = 1;
        double q = 0;
        for (int k = 1; k < 50 && Math.abs(term) > 0.1 * EPS; k++) {
            double odd = 2 * k - 1;
            term *= (mu - odd * odd) / (8 * k * a);
            if (k % 2 == 0) p += k % 4 == 0 ? term : -term;
            else q += k % 4 == 1 ? term : -term;
        }
        double sin = StrictMath.sin(a);
        double cos = StrictMath.cos(a);
        double phaseCos = order == 0 ? cos + sin : sin - cos;
        double phaseSin = order == 0 ? sin - cos : -(sin + cos);
        return (phaseCos * p - phaseSin * q) / Math.sqrt(Math.PI * a);
    }
}
