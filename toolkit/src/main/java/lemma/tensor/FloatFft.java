package lemma.tensor;

import static lemma.tensor.FloatMath.STEP;
import static lemma.tensor.FloatMath.all;
import static lemma.tensor.FloatMath.at;
import static lemma.tensor.FloatMath.put;

import jdk.incubator.vector.FloatVector;

/** Stages of a Fourier transform of FLOAT32 by vectors of neighbours, and the passes between real sequences and complex ones of half the length. */
final class FloatFft {
    private static final float SIN_60 = (float) Math.sqrt(0.75);
    private static final float COS_72 = (float) ((Math.sqrt(5) - 1) / 4);
    private static final float COS_144 = (float) (-(Math.sqrt(5) + 1) / 4);
    private static final float SIN_72 = (float) Math.sqrt((5 + Math.sqrt(5)) / 8);
    private static final float SIN_144 = (float) Math.sqrt((5 - Math.sqrt(5)) / 8);

    private FloatFft() {}

    /** Runs a stage on as many of the {Floatcode width} columns as whole vectors take; returns how many those are. */
    static long stage(FftPlan.Stage g, long width, long xr, long xi, long yr, long yi) {
        long row = 4 * width;
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
        return whole / 4;
    }

    private static FloatVector factor(long twiddles, long i) {
        return all(Raw.f32(twiddles + 4 * i));
    }

    /** The real part of {Floatcode (re + i im) (wr + i wi)}. */
    private static FloatVector real(FloatVector re, FloatVector im, FloatVector wr, FloatVector wi) {
        return re.mul(wr).sub(im.mul(wi));
    }

    private static FloatVector imaginary(FloatVector re, FloatVector im, FloatVector wr, FloatVector wi) {
        return re.mul(wi).add(im.mul(wr));
    }

    private static void two(int m, long row, long whole, long w, long xr, long xi, long yr, long yi) {
        long step = m * row;
        for (long p = 0; p < m; p++) {
            FloatVector wr = factor(w, 2 * p);
            FloatVector wi = factor(w, 2 * p + 1);
            long from = p * row;
            long to = 2 * p * row;
            for (long q = 0; q < whole; q += STEP) {
                FloatVector ar = at(xr + from + q);
                FloatVector ai = at(xi + from + q);
                FloatVector br = at(xr + from + step + q);
                FloatVector bi = at(xi + from + step + q);
                put(yr + to + q, ar.add(br));
                put(yi + to + q, ai.add(bi));
                FloatVector dr = ar.sub(br);
                FloatVector di = ai.sub(bi);
                put(yr + to + row + q, real(dr, di, wr, wi));
                put(yi + to + row + q, imaginary(dr, di, wr, wi));
            }
        }
    }

    private static void three(int m, long row, long whole, long w, long xr, long xi, long yr, long yi) {
        long step = m * row;
        for (long p = 0; p < m; p++) {
            FloatVector w1r = factor(w, 4 * p);
            FloatVector w1i = factor(w, 4 * p + 1);
            FloatVector w2r = factor(w, 4 * p + 2);
            FloatVector w2i = factor(w, 4 * p + 3);
            for (long q = 0; q < whole; q += STEP) {
                long from = p * row + q;
                long to = 3 * p * row + q;
                FloatVector a1r = at(xr + from + step);
                FloatVector a1i = at(xi + from + step);
                FloatVector a2r = at(xr + from + 2 * step);
                FloatVector a2i = at(xi + from + 2 * step);
                FloatVector a0r = at(xr + from);
                FloatVector a0i = at(xi + from);
                FloatVector sr = a1r.add(a2r);
                FloatVector si = a1i.add(a2i);
                FloatVector dr = a1r.sub(a2r).mul(SIN_60);
                FloatVector di = a1i.sub(a2i).mul(SIN_60);
                FloatVector cr = a0r.sub(sr.mul(0.5f));
                FloatVector ci = a0i.sub(si.mul(0.5f));
                put(yr + to, a0r.add(sr));
                put(yi + to, a0i.add(si));
                FloatVector b1r = cr.add(di);
                FloatVector b1i = ci.sub(dr);
                put(yr + to + row, real(b1r, b1i, w1r, w1i));
                put(yi + to + row, imaginary(b1r, b1i, w1r, w1i));
                FloatVector b2r = cr.sub(di);
                FloatVector b2i = ci.add(dr);
                put(yr + to + 2 * row, real(b2r, b2i, w2r, w2i));
                put(yi + to + 2 * row, imaginary(b2r, b2i, w2r, w2i));
            }
        }
    }

    // radix 4 in two halves: all of it in one loop is more than the compiler turns into vector instructions

    private static void fourEven(int m, long row, long whole, long w, long xr, long xi, long yr, long yi) {
        long step = m * row;
        for (long p = 0; p < m; p++) {
            FloatVector wr = factor(w, 6 * p + 2);
            FloatVector wi = factor(w, 6 * p + 3);
            for (long q = 0; q < whole; q += STEP) {
                long from = p * row + q;
                long to = 4 * p * row + q;
                FloatVector t0r = at(xr + from).add(at(xr + from + 2 * step));
                FloatVector t2r = at(xr + from + step).add(at(xr + from + 3 * step));
                put(yr + to, t0r.add(t2r));
                FloatVector t0i = at(xi + from).add(at(xi + from + 2 * step));
                FloatVector t2i = at(xi + from + step).add(at(xi + from + 3 * step));
                put(yi + to, t0i.add(t2i));
                FloatVector br = t0r.sub(t2r);
                FloatVector bi = t0i.sub(t2i);
                put(yr + to + 2 * row, real(br, bi, wr, wi));
                put(yi + to + 2 * row, imaginary(br, bi, wr, wi));
            }
        }
    }

    private static void fourOdd(int m, long row, long whole, long w, long xr, long xi, long yr, long yi) {
        long step = m * row;
        for (long p = 0; p < m; p++) {
            FloatVector w1r = factor(w, 6 * p);
            FloatVector w1i = factor(w, 6 * p + 1);
            FloatVector w3r = factor(w, 6 * p + 4);
            FloatVector w3i = factor(w, 6 * p + 5);
            for (long q = 0; q < whole; q += STEP) {
                long from = p * row + q;
                long to = 4 * p * row + row + q;
                FloatVector t1r = at(xr + from).sub(at(xr + from + 2 * step));
                FloatVector t1i = at(xi + from).sub(at(xi + from + 2 * step));
                FloatVector t3r = at(xr + from + step).sub(at(xr + from + 3 * step));
                FloatVector t3i = at(xi + from + step).sub(at(xi + from + 3 * step));
                FloatVector b1r = t1r.add(t3i);
                FloatVector b1i = t1i.sub(t3r);
                put(yr + to, real(b1r, b1i, w1r, w1i));
                put(yi + to, imaginary(b1r, b1i, w1r, w1i));
                FloatVector b3r = t1r.sub(t3i);
                FloatVector b3i = t1i.add(t3r);
                put(yr + to + 2 * row, real(b3r, b3i, w3r, w3i));
                put(yi + to + 2 * row, imaginary(b3r, b3i, w3r, w3i));
            }
        }
    }

    private static void five(int m, long row, long whole, long w, long xr, long xi, long yr, long yi) {
        long step = m * row;
        for (long p = 0; p < m; p++) {
            long v = w + 4 * 8 * p;
            for (long q = 0; q < whole; q += STEP) fiveAt(p * row + q, step, 5 * p * row + q, row, v, xr, xi, yr, yi);
        }
    }

    private static void fiveAt(long from, long step, long to, long row, long w, long xr, long xi, long yr, long yi) {
        FloatVector a1r = at(xr + from + step);
        FloatVector a4r = at(xr + from + 4 * step);
        FloatVector a1i = at(xi + from + step);
        FloatVector a4i = at(xi + from + 4 * step);
        FloatVector s1r = a1r.add(a4r);
        FloatVector s1i = a1i.add(a4i);
        FloatVector d1r = a1r.sub(a4r);
        FloatVector d1i = a1i.sub(a4i);
        FloatVector a2r = at(xr + from + 2 * step);
        FloatVector a3r = at(xr + from + 3 * step);
        FloatVector a2i = at(xi + from + 2 * step);
        FloatVector a3i = at(xi + from + 3 * step);
        FloatVector s2r = a2r.add(a3r);
        FloatVector s2i = a2i.add(a3i);
        FloatVector d2r = a2r.sub(a3r);
        FloatVector d2i = a2i.sub(a3i);
        FloatVector a0r = at(xr + from);
        FloatVector a0i = at(xi + from);
        put(yr + to, a0r.add(s1r.add(s2r)));
        put(yi + to, a0i.add(s1i.add(s2i)));
        FloatVector c1r = a0r.add(s1r.mul(COS_72)).add(s2r.mul(COS_144));
        FloatVector c1i = a0i.add(s1i.mul(COS_72)).add(s2i.mul(COS_144));
        FloatVector e1r = d1r.mul(SIN_72).add(d2r.mul(SIN_144));
        FloatVector e1i = d1i.mul(SIN_72).add(d2i.mul(SIN_144));
        turned(c1r.add(e1i), c1i.sub(e1r), w, 0, yr + to + row, yi + to + row);
        turned(c1r.sub(e1i), c1i.add(e1r), w, 3, yr + to + 4 * row, yi + to + 4 * row);
        FloatVector c2r = a0r.add(s1r.mul(COS_144)).add(s2r.mul(COS_72));
        FloatVector c2i = a0i.add(s1i.mul(COS_144)).add(s2i.mul(COS_72));
        FloatVector e2r = d1r.mul(SIN_144).sub(d2r.mul(SIN_72));
        FloatVector e2i = d1i.mul(SIN_144).sub(d2i.mul(SIN_72));
        turned(c2r.add(e2i), c2i.sub(e2r), w, 1, yr + to + 2 * row, yi + to + 2 * row);
        turned(c2r.sub(e2i), c2i.add(e2r), w, 2, yr + to + 3 * row, yi + to + 3 * row);
    }

    private static void turned(FloatVector re, FloatVector im, long w, int k, long yr, long yi) {
        FloatVector wr = factor(w, 2 * k);
        FloatVector wi = factor(w, 2 * k + 1);
        put(yr, real(re, im, wr, wi));
        put(yi, imaginary(re, im, wr, wi));
    }

    // ---- real sequences ----

    /**
     * Spectra y of real sequences, elements 0 to h, from those x of their even and odd elements as complex numbers of length h:
     * {Floatcode y_k = (x_k + conj x_(h-k)) / 2 - i w^k (x_k - conj x_(h-k)) / 2}; rows of {Floatcode row} bytes, whole vectors.
     */
    static void unpack(int h, long row, long w, long xr, long xi, long yr, long yi) {
        for (long k = 0; k <= h; k++) {
            FloatVector wr = factor(w, 2 * k);
            FloatVector wi = factor(w, 2 * k + 1);
            long a = k % h * row;
            long b = (h - k) % h * row;
            for (long q = 0; q < row; q += STEP) {
                FloatVector ar = at(xr + a + q);
                FloatVector ai = at(xi + a + q);
                FloatVector br = at(xr + b + q);
                FloatVector bi = at(xi + b + q);
                FloatVector dr = ar.sub(br);
                FloatVector di = ai.add(bi);
                // -i w (dr + i di)
                put(yr + k * row + q, ar.add(br).add(imaginary(dr, di, wr, wi)).mul(0.5f));
                put(yi + k * row + q, ai.sub(bi).sub(real(dr, di, wr, wi)).mul(0.5f));
            }
        }
    }

    /** The transpose way: {Floatcode y_k = (x_k + conj x_(h-k)) + i w^-k (x_k - conj x_(h-k))} for k below h. */
    static void pack(int h, long row, long w, long xr, long xi, long yr, long yi) {
        for (long k = 0; k < h; k++) {
            FloatVector wr = factor(w, 2 * k);
            FloatVector wi = factor(w, 2 * k + 1).neg();
            long a = k * row;
            long b = (h - k) * row;
            for (long q = 0; q < row; q += STEP) {
                FloatVector ar = at(xr + a + q);
                FloatVector ai = at(xi + a + q);
                FloatVector br = at(xr + b + q);
                FloatVector bi = at(xi + b + q);
                FloatVector dr = ar.sub(br);
                FloatVector di = ai.add(bi);
                put(yr + a + q, ar.add(br).sub(imaginary(dr, di, wr, wi)));
                put(yi + a + q, ai.sub(bi).add(real(dr, di, wr, wi)));
            }
        }
    }
}
