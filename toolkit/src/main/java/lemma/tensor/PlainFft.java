package lemma.tensor;

/** Stages of a Fourier transform without vector instructions: where neighbours are too few, and where there are none. */
final class PlainFft {
    private static final double SIN_60 = Math.sqrt(0.75);
    private static final double COS_72 = (Math.sqrt(5) - 1) / 4;
    private static final double COS_144 = -(Math.sqrt(5) + 1) / 4;
    private static final double SIN_72 = Math.sqrt((5 + Math.sqrt(5)) / 8);
    private static final double SIN_144 = Math.sqrt((5 - Math.sqrt(5)) / 8);

    private PlainFft() {}

    /** Columns {@code from} to {@code width} of a stage. */
    static void stage(DType t, FftPlan.Stage g, long width, long from, long xr, long xi, long yr, long yi) {
        double[] a = new double[10];
        int r = g.radix();
        for (long p = 0; p < g.m(); p++) {
            long w = 2 * p * (r - 1);
            for (long q = from; q < width; q++) {
                for (int j = 0; j < r; j++) {
                    long at = q + width * (p + (long) g.m() * j);
                    a[2 * j] = Raw.real(t, xr, at);
                    a[2 * j + 1] = Raw.real(t, xi, at);
                }
                butterfly(r, a);
                long to = q + width * r * p;
                Raw.real(t, yr, to, a[0]);
                Raw.real(t, yi, to, a[1]);
                for (int k = 1; k < r; k++) {
                    double wr = Raw.real(t, g.twiddles(), w + 2 * (k - 1));
                    double wi = Raw.real(t, g.twiddles(), w + 2 * (k - 1) + 1);
                    Raw.real(t, yr, to + width * k, a[2 * k] * wr - a[2 * k + 1] * wi);
                    Raw.real(t, yi, to + width * k, a[2 * k] * wi + a[2 * k + 1] * wr);
                }
            }
        }
    }

    private static void butterfly(int r, double[] a) {
        switch (r) {
            case 2 -> two(a);
            case 3 -> three(a);
            case 4 -> four(a);
            default -> five(a);
        }
    }

    private static void two(double[] a) {
        double r = a[2];
        double i = a[3];
        a[2] = a[0] - r;
        a[3] = a[1] - i;
        a[0] += r;
        a[1] += i;
    }

    private static void three(double[] a) {
        double sr = a[2] + a[4];
        double si = a[3] + a[5];
        double dr = SIN_60 * (a[2] - a[4]);
        double di = SIN_60 * (a[3] - a[5]);
        double cr = a[0] - 0.5 * sr;
        double ci = a[1] - 0.5 * si;
        a[0] += sr;
        a[1] += si;
        a[2] = cr + di;
        a[3] = ci - dr;
        a[4] = cr - di;
        a[5] = ci + dr;
    }

    private static void four(double[] a) {
        double t0r = a[0] + a[4];
        double t0i = a[1] + a[5];
        double t1r = a[0] - a[4];
        double t1i = a[1] - a[5];
        double t2r = a[2] + a[6];
        double t2i = a[3] + a[7];
        double t3r = a[2] - a[6];
        double t3i = a[3] - a[7];
        a[0] = t0r + t2r;
        a[1] = t0i + t2i;
        a[4] = t0r - t2r;
        a[5] = t0i - t2i;
        a[2] = t1r + t3i;
        a[3] = t1i - t3r;
        a[6] = t1r - t3i;
        a[7] = t1i + t3r;
    }

    private static void five(double[] a) {
        double s1r = a[2] + a[8];
        double s1i = a[3] + a[9];
        double d1r = a[2] - a[8];
        double d1i = a[3] - a[9];
        double s2r = a[4] + a[6];
        double s2i = a[5] + a[7];
        double d2r = a[4] - a[6];
        double d2i = a[5] - a[7];
        double c1r = a[0] + COS_72 * s1r + COS_144 * s2r;
        double c1i = a[1] + COS_72 * s1i + COS_144 * s2i;
        double c2r = a[0] + COS_144 * s1r + COS_72 * s2r;
        double c2i = a[1] + COS_144 * s1i + COS_72 * s2i;
        double e1r = SIN_72 * d1r + SIN_144 * d2r;
        double e1i = SIN_72 * d1i + SIN_144 * d2i;
        double e2r = SIN_144 * d1r - SIN_72 * d2r;
        double e2i = SIN_144 * d1i - SIN_72 * d2i;
        a[0] += s1r + s2r;
        a[1] += s1i + s2i;
        a[2] = c1r + e1i;
        a[3] = c1i - e1r;
        a[8] = c1r - e1i;
        a[9] = c1i + e1r;
        a[4] = c2r + e2i;
        a[5] = c2i - e2r;
        a[6] = c2r - e2i;
        a[7] = c2i + e2r;
    }
}
