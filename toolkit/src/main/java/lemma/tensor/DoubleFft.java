package lemma.tensor;

import static lemma.tensor.DoubleMath.STEP;
import static lemma.tensor.DoubleMath.all;
import static lemma.tensor.DoubleMath.at;
import static lemma.tensor.DoubleMath.put;

import jdk.incubator.vector.DoubleVector;

/** Stages of a Fourier transform of FLOAT64 by vectors of neighbours, and the passes between real sequences and complex ones of half the length. */
final class DoubleFft {
    private static final double SIN_60 = (double) Math.sqrt(0.75);
    private static final double COS_72 = (double) ((Math.sqrt(5) - 1) / 4);
    private static final double COS_144 = (double) (-(Math.sqrt(5) + 1) / 4);
    private static final double SIN_72 = (double) Math.sqrt((5 + Math.sqrt(5)) / 8);
    private static final double SIN_144 = (double) Math.sqrt((5 - Math.sqrt(5)) / 8);

    private DoubleFft() {}

    /** Runs a stage on as many of the {Doublecode width} columns as whole vectors take; returns how many those are. */
    static long stage(FftPlan.Stage g, long width, long xr, long xi, long yr, long yi) {
        long row = 8 * width;
        long whole = row & -STEP;
        if (whole == 0) return 0;
        switch (g.radix()) {
            case 2 -> two(g.m(), row, whole, g.twiddles(), xr, xi, yr, yi);
            case 3 -> three(g.m(), row, whole, g.twiddles(), xr, xi, yr, yi);
            case 4 -> {
                fourEven(g.m(), row, whole, g.twiddles(), xr, xi, yr, yi);
                fourOdd(g.m(), row, whole, g.twiddles(), xr, xi, yr, yi);
            }
            default -> five(g.m(), row, whole, g.twiddles(), xr, xi, yr, yi);
        }
        return whole / 8;
    }

    private static DoubleVector factor(long twiddles, long i) {
        return all(Raw.f64(twiddles + 8 * i));
    }

    /** The real part of {Doublecode (re + i im) (wr + i wi)}. */
    private static DoubleVector real(DoubleVector re, DoubleVector im, DoubleVector wr, DoubleVector wi) {
        return re.mul(wr).sub(im.mul(wi));
    }

    private static DoubleVector imaginary(DoubleVector re, DoubleVector im, DoubleVector wr, DoubleVector wi) {
        return re.mul(wi).add(im.mul(wr));
    }

    private static void two(int m, long row, long whole, long w, long xr, long xi, long yr, long yi) {
        long step = m * row;
        for (long p = 0; p < m; p++) {
            DoubleVector wr = factor(w, 2 * p);
            DoubleVector wi = factor(w, 2 * p + 1);
            long from = p * row;
            long to = 2 * p * row;
            for (long q = 0; q < whole; q += STEP) {
                DoubleVector ar = at(xr + from + q);
                DoubleVector ai = at(xi + from + q);
                DoubleVector br = at(xr + from + step + q);
                DoubleVector bi = at(xi + from + step + q);
                put(yr + to + q, ar.add(br));
                put(yi + to + q, ai.add(bi));
                DoubleVector dr = ar.sub(br);
                DoubleVector di = ai.sub(bi);
                put(yr + to + row + q, real(dr, di, wr, wi));
                put(yi + to + row + q, imaginary(dr, di, wr, wi));
            }
        }
    }

    private static void three(int m, long row, long whole, long w, long xr, long xi, long yr, long yi) {
        long step = m * row;
        for (long p = 0; p < m; p++) {
            DoubleVector w1r = factor(w, 4 * p);
            DoubleVector w1i = factor(w, 4 * p + 1);
            DoubleVector w2r = factor(w, 4 * p + 2);
            DoubleVector w2i = factor(w, 4 * p + 3);
            for (long q = 0; q < whole; q += STEP) {
                long from = p * row + q;
                long to = 3 * p * row + q;
                DoubleVector a1r = at(xr + from + step);
                DoubleVector a1i = at(xi + from + step);
                DoubleVector a2r = at(xr + from + 2 * step);
                DoubleVector a2i = at(xi + from + 2 * step);
                DoubleVector a0r = at(xr + from);
                DoubleVector a0i = at(xi + from);
                DoubleVector sr = a1r.add(a2r);
                DoubleVector si = a1i.add(a2i);
                DoubleVector dr = a1r.sub(a2r).mul(SIN_60);
                DoubleVector di = a1i.sub(a2i).mul(SIN_60);
                DoubleVector cr = a0r.sub(sr.mul(0.5));
                DoubleVector ci = a0i.sub(si.mul(0.5));
                put(yr + to, a0r.add(sr));
                put(yi + to, a0i.add(si));
                DoubleVector b1r = cr.add(di);
                DoubleVector b1i = ci.sub(dr);
                put(yr + to + row, real(b1r, b1i, w1r, w1i));
                put(yi + to + row, imaginary(b1r, b1i, w1r, w1i));
                DoubleVector b2r = cr.sub(di);
                DoubleVector b2i = ci.add(dr);
                put(yr + to + 2 * row, real(b2r, b2i, w2r, w2i));
                put(yi + to + 2 * row, imaginary(b2r, b2i, w2r, w2i));
            }
        }
    }

    // radix 4 in two halves: all of it in one loop is more than the compiler turns into vector instructions

    private static void fourEven(int m, long row, long whole, long w, long xr, long xi, long yr, long yi) {
        long step = m * row;
        for (long p = 0; p < m; p++) {
            DoubleVector wr = factor(w, 6 * p + 2);
            DoubleVector wi = factor(w, 6 * p + 3);
            for (long q = 0; q < whole; q += STEP) {
                long from = p * row + q;
                long to = 4 * p * row + q;
                DoubleVector t0r = at(xr + from).add(at(xr + from + 2 * step));
                DoubleVector t2r = at(xr + from + step).add(at(xr + from + 3 * step));
                put(yr + to, t0r.add(t2r));
                DoubleVector t0i = at(xi + from).add(at(xi + from + 2 * step));
                DoubleVector t2i = at(xi + from + step).add(at(xi + from + 3 * step));
                put(yi + to, t0i.add(t2i));
                DoubleVector br = t0r.sub(t2r);
                DoubleVector bi = t0i.sub(t2i);
                put(yr + to + 2 * row, real(br, bi, wr, wi));
                put(yi + to + 2 * row, imaginary(br, bi, wr, wi));
            }
        }
    }

    private static void fourOdd(int m, long row, long whole, long w, long xr, long xi, long yr, long yi) {
        long step = m * row;
        for (long p = 0; p < m; p++) {
            DoubleVector w1r = factor(w, 6 * p);
            DoubleVector w1i = factor(w, 6 * p + 1);
            DoubleVector w3r = factor(w, 6 * p + 4);
            DoubleVector w3i = factor(w, 6 * p + 5);
            for (long q = 0; q < whole; q += STEP) {
                long from = p * row + q;
                long to = 4 * p * row + row + q;
                DoubleVector t1r = at(xr + from).sub(at(xr + from + 2 * step));
                DoubleVector t1i = at(xi + from).sub(at(xi + from + 2 * step));
                DoubleVector t3r = at(xr + from + step).sub(at(xr + from + 3 * step));
                DoubleVector t3i = at(xi + from + step).sub(at(xi + from + 3 * step));
                DoubleVector b1r = t1r.add(t3i);
                DoubleVector b1i = t1i.sub(t3r);
                put(yr + to, real(b1r, b1i, w1r, w1i));
                put(yi + to, imaginary(b1r, b1i, w1r, w1i));
                DoubleVector b3r = t1r.sub(t3i);
                DoubleVector b3i = t1i.add(t3r);
                put(yr + to + 2 * row, real(b3r, b3i, w3r, w3i));
                put(yi + to + 2 * row, imaginary(b3r, b3i, w3r, w3i));
            }
        }
    }

    private static void five(int m, long row, long whole, long w, long xr, long xi, long yr, long yi) {
        long step = m * row;
        for (long p = 0; p < m; p++) {
            long v = w + 8 * 8 * p;
            for (long q = 0; q < whole; q += STEP) fiveAt(p * row + q, step, 5 * p * row + q, row, v, xr, xi, yr, yi);
        }
    }

    private static void fiveAt(long from, long step, long to, long row, long w, long xr, long xi, long yr, long yi) {
        DoubleVector a1r = at(xr + from + step);
        DoubleVector a4r = at(xr + from + 4 * step);
        DoubleVector a1i = at(xi + from + step);
        DoubleVector a4i = at(xi + from + 4 * step);
        DoubleVector s1r = a1r.add(a4r);
        DoubleVector s1i = a1i.add(a4i);
        DoubleVector d1r = a1r.sub(a4r);
        DoubleVector d1i = a1i.sub(a4i);
        DoubleVector a2r = at(xr + from + 2 * step);
        DoubleVector a3r = at(xr + from + 3 * step);
        DoubleVector a2i = at(xi + from + 2 * step);
        DoubleVector a3i = at(xi + from + 3 * step);
        DoubleVector s2r = a2r.add(a3r);
        DoubleVector s2i = a2i.add(a3i);
        DoubleVector d2r = a2r.sub(a3r);
        DoubleVector d2i = a2i.sub(a3i);
        DoubleVector a0r = at(xr + from);
        DoubleVector a0i = at(xi + from);
        put(yr + to, a0r.add(s1r.add(s2r)));
        put(yi + to, a0i.add(s1i.add(s2i)));
        DoubleVector c1r = a0r.add(s1r.mul(COS_72)).add(s2r.mul(COS_144));
        DoubleVector c1i = a0i.add(s1i.mul(COS_72)).add(s2i.mul(COS_144));
        DoubleVector e1r = d1r.mul(SIN_72).add(d2r.mul(SIN_144));
        DoubleVector e1i = d1i.mul(SIN_72).add(d2i.mul(SIN_144));
        turned(c1r.add(e1i), c1i.sub(e1r), w, 0, yr + to + row, yi + to + row);
        turned(c1r.sub(e1i), c1i.add(e1r), w, 3, yr + to + 4 * row, yi + to + 4 * row);
        DoubleVector c2r = a0r.add(s1r.mul(COS_144)).add(s2r.mul(COS_72));
        DoubleVector c2i = a0i.add(s1i.mul(COS_144)).add(s2i.mul(COS_72));
        DoubleVector e2r = d1r.mul(SIN_144).sub(d2r.mul(SIN_72));
        DoubleVector e2i = d1i.mul(SIN_144).sub(d2i.mul(SIN_72));
        turned(c2r.add(e2i), c2i.sub(e2r), w, 1, yr + to + 2 * row, yi + to + 2 * row);
        turned(c2r.sub(e2i), c2i.add(e2r), w, 2, yr + to + 3 * row, yi + to + 3 * row);
    }

    private static void turned(DoubleVector re, DoubleVector im, long w, int k, long yr, long yi) {
        DoubleVector wr = factor(w, 2 * k);
        DoubleVector wi = factor(w, 2 * k + 1);
        put(yr, real(re, im, wr, wi));
        put(yi, imaginary(re, im, wr, wi));
    }

    // ---- real sequences ----

    /**
     * Spectra y of real sequences, elements 0 to h, from those x of their even and odd elements as complex numbers of length h:
     * {Doublecode y_k = (x_k + conj x_(h-k)) / 2 - i w^k (x_k - conj x_(h-k)) / 2}; rows of {Doublecode row} bytes, whole vectors.
     */
    static void unpack(int h, long row, long w, long xr, long xi, long yr, long yi) {
        for (long k = 0; k <= h; k++) {
            DoubleVector wr = factor(w, 2 * k);
            DoubleVector wi = factor(w, 2 * k + 1);
            long a = k % h * row;
            long b = (h - k) % h * row;
            for (long q = 0; q < row; q += STEP) {
                DoubleVector ar = at(xr + a + q);
                DoubleVector ai = at(xi + a + q);
                DoubleVector br = at(xr + b + q);
                DoubleVector bi = at(xi + b + q);
                DoubleVector dr = ar.sub(br);
                DoubleVector di = ai.add(bi);
                // -i w (dr + i di)
                put(yr + k * row + q, ar.add(br).add(imaginary(dr, di, wr, wi)).mul(0.5));
                put(yi + k * row + q, ai.sub(bi).sub(real(dr, di, wr, wi)).mul(0.5));
            }
        }
    }

    /** The transpose way: {Doublecode y_k = (x_k + conj x_(h-k)) + i w^-k (x_k - conj x_(h-k))} for k below h. */
    static void pack(int h, long row, long w, long xr, long xi, long yr, long yi) {
        for (long k = 0; k < h; k++) {
            DoubleVector wr = factor(w, 2 * k);
            DoubleVector wi = factor(w, 2 * k + 1).neg();
            long a = k * row;
            long b = (h - k) * row;
            for (long q = 0; q < row; q += STEP) {
                DoubleVector ar = at(xr + a + q);
                DoubleVector ai = at(xi + a + q);
                DoubleVector br = at(xr + b + q);
                DoubleVector bi = at(xi + b + q);
                DoubleVector dr = ar.sub(br);
                DoubleVector di = ai.add(bi);
                put(yr + a + q, ar.add(br).sub(imaginary(dr, di, wr, wi)));
                put(yi + a + q, ai.sub(bi).add(real(dr, di, wr, wi)));
            }
        }
    }
}
