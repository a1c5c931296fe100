package lemma.tensor;

import static jdk.incubator.vector.DoubleVector.fromMemorySegment;
import static lemma.tensor.DoubleMath.D;
import static lemma.tensor.DoubleMath.STEP;
import static lemma.tensor.Memory.ALL;
import static lemma.tensor.Memory.ORDER;

import jdk.incubator.vector.DoubleVector;

/** Stages of a Fourier transform of FLOAT64 by vectors of neighbours, and the passes between real sequences and complex ones of half the length. */
final class DoubleFft {
    private static final double SIN_60 = (double) Math.sqrt(0.75);
    private static final double COS_72 = (double) ((Math.sqrt(5) - 1) / 4);
    private static final double COS_144 = (double) (-(Math.sqrt(5) + 1) / 4);
    private static final double SIN_72 = (double) Math.sqrt((5 + Math.sqrt(5)) / 8);
    private static final double SIN_144 = (double) Math.sqrt((5 - Math.sqrt(5)) / 8);

    private DoubleFft() {}

    /** Runs a stage on as many of the {@code width} columns as whole vectors take; returns how many those are. */
    static long stage(FftPlan.Stage g, long width, long xr, long xi, long yr, long yi) {
        long row = 8 * width;
        long whole = row & -STEP;
        if (whole == 0) return 0;
        switch (g.radix()) {
            case 2 -> two(g.m(), row, whole, g.twiddles(), xr, xi, yr, yi);
            case 3 -> three(g.m(), row, whole, g.twiddles(), xr, xi, yr, yi);
            case 4 -> four(g.m(), row, whole, g.twiddles(), xr, xi, yr, yi);
            default -> five(g.m(), row, whole, g.twiddles(), xr, xi, yr, yi);
        }
        return whole / 8;
    }

    private static void two(int m, long row, long whole, long w, long xr, long xi, long yr, long yi) {
        long step = m * row;
        for (long p = 0; p < m; p++) {
            DoubleVector wr = DoubleVector.broadcast(D, Raw.f64(w + 8 * (2 * p)));
            DoubleVector wi = DoubleVector.broadcast(D, Raw.f64(w + 8 * (2 * p + 1)));
            long from = p * row;
            long to = 2 * p * row;
            for (long q = 0; q < whole; q += STEP) {
                DoubleVector ar = fromMemorySegment(D, ALL, xr + from + q, ORDER);
                DoubleVector ai = fromMemorySegment(D, ALL, xi + from + q, ORDER);
                DoubleVector br = fromMemorySegment(D, ALL, xr + from + step + q, ORDER);
                DoubleVector bi = fromMemorySegment(D, ALL, xi + from + step + q, ORDER);
                ar.add(br).intoMemorySegment(ALL, yr + to + q, ORDER);
                ai.add(bi).intoMemorySegment(ALL, yi + to + q, ORDER);
                DoubleVector dr = ar.sub(br);
                DoubleVector di = ai.sub(bi);
                dr.mul(wr).sub(di.mul(wi)).intoMemorySegment(ALL, yr + to + row + q, ORDER);
                dr.mul(wi).add(di.mul(wr)).intoMemorySegment(ALL, yi + to + row + q, ORDER);
            }
        }
    }

    private static void three(int m, long row, long whole, long w, long xr, long xi, long yr, long yi) {
        long step = m * row;
        for (long p = 0; p < m; p++) {
            DoubleVector w1r = DoubleVector.broadcast(D, Raw.f64(w + 8 * (4 * p)));
            DoubleVector w1i = DoubleVector.broadcast(D, Raw.f64(w + 8 * (4 * p + 1)));
            DoubleVector w2r = DoubleVector.broadcast(D, Raw.f64(w + 8 * (4 * p + 2)));
            DoubleVector w2i = DoubleVector.broadcast(D, Raw.f64(w + 8 * (4 * p + 3)));
            for (long q = 0; q < whole; q += STEP) {
                long from = p * row + q;
                long to = 3 * p * row + q;
                DoubleVector a1r = fromMemorySegment(D, ALL, xr + from + step, ORDER);
                DoubleVector a1i = fromMemorySegment(D, ALL, xi + from + step, ORDER);
                DoubleVector a2r = fromMemorySegment(D, ALL, xr + from + 2 * step, ORDER);
                DoubleVector a2i = fromMemorySegment(D, ALL, xi + from + 2 * step, ORDER);
                DoubleVector a0r = fromMemorySegment(D, ALL, xr + from, ORDER);
                DoubleVector a0i = fromMemorySegment(D, ALL, xi + from, ORDER);
                DoubleVector sr = a1r.add(a2r);
                DoubleVector si = a1i.add(a2i);
                DoubleVector dr = a1r.sub(a2r).mul(SIN_60);
                DoubleVector di = a1i.sub(a2i).mul(SIN_60);
                DoubleVector cr = a0r.sub(sr.mul(0.5));
                DoubleVector ci = a0i.sub(si.mul(0.5));
                a0r.add(sr).intoMemorySegment(ALL, yr + to, ORDER);
                a0i.add(si).intoMemorySegment(ALL, yi + to, ORDER);
                DoubleVector b1r = cr.add(di);
                DoubleVector b1i = ci.sub(dr);
                b1r.mul(w1r).sub(b1i.mul(w1i)).intoMemorySegment(ALL, yr + to + row, ORDER);
                b1r.mul(w1i).add(b1i.mul(w1r)).intoMemorySegment(ALL, yi + to + row, ORDER);
                DoubleVector b2r = cr.sub(di);
                DoubleVector b2i = ci.add(dr);
                b2r.mul(w2r).sub(b2i.mul(w2i)).intoMemorySegment(ALL, yr + to + 2 * row, ORDER);
                b2r.mul(w2i).add(b2i.mul(w2r)).intoMemorySegment(ALL, yi + to + 2 * row, ORDER);
            }
        }
    }

    // radix 4 in two halves: all of it in one loop is more than the compiler turns into vector instructions

    private static void four(int m, long row, long whole, long w, long xr, long xi, long yr, long yi) {
        long step = m * row;
        for (long p = 0; p < m; p++) {
            DoubleVector w1r = DoubleVector.broadcast(D, Raw.f64(w + 8 * (6 * p)));
            DoubleVector w1i = DoubleVector.broadcast(D, Raw.f64(w + 8 * (6 * p + 1)));
            DoubleVector w2r = DoubleVector.broadcast(D, Raw.f64(w + 8 * (6 * p + 2)));
            DoubleVector w2i = DoubleVector.broadcast(D, Raw.f64(w + 8 * (6 * p + 3)));
            DoubleVector w3r = DoubleVector.broadcast(D, Raw.f64(w + 8 * (6 * p + 4)));
            DoubleVector w3i = DoubleVector.broadcast(D, Raw.f64(w + 8 * (6 * p + 5)));
            for (long q = 0; q < whole; q += STEP) {
                long from = p * row + q;
                long to = 4 * p * row + q;
                DoubleVector a0r = fromMemorySegment(D, ALL, xr + from, ORDER);
                DoubleVector a2r = fromMemorySegment(D, ALL, xr + from + 2 * step, ORDER);
                DoubleVector t0r = a0r.add(a2r);
                DoubleVector t1r = a0r.sub(a2r);
                DoubleVector a1r = fromMemorySegment(D, ALL, xr + from + step, ORDER);
                DoubleVector a3r = fromMemorySegment(D, ALL, xr + from + 3 * step, ORDER);
                DoubleVector t2r = a1r.add(a3r);
                DoubleVector t3r = a1r.sub(a3r);
                DoubleVector a0i = fromMemorySegment(D, ALL, xi + from, ORDER);
                DoubleVector a2i = fromMemorySegment(D, ALL, xi + from + 2 * step, ORDER);
                DoubleVector t0i = a0i.add(a2i);
                DoubleVector t1i = a0i.sub(a2i);
                DoubleVector a1i = fromMemorySegment(D, ALL, xi + from + step, ORDER);
                DoubleVector a3i = fromMemorySegment(D, ALL, xi + from + 3 * step, ORDER);
                DoubleVector t2i = a1i.add(a3i);
                DoubleVector t3i = a1i.sub(a3i);
                t0r.add(t2r).intoMemorySegment(ALL, yr + to, ORDER);
                t0i.add(t2i).intoMemorySegment(ALL, yi + to, ORDER);
                DoubleVector b2r = t0r.sub(t2r);
                DoubleVector b2i = t0i.sub(t2i);
                b2r.mul(w2r).sub(b2i.mul(w2i)).intoMemorySegment(ALL, yr + to + 2 * row, ORDER);
                b2r.mul(w2i).add(b2i.mul(w2r)).intoMemorySegment(ALL, yi + to + 2 * row, ORDER);
                DoubleVector b1r = t1r.add(t3i);
                DoubleVector b1i = t1i.sub(t3r);
                b1r.mul(w1r).sub(b1i.mul(w1i)).intoMemorySegment(ALL, yr + to + row, ORDER);
                b1r.mul(w1i).add(b1i.mul(w1r)).intoMemorySegment(ALL, yi + to + row, ORDER);
                DoubleVector b3r = t1r.sub(t3i);
                DoubleVector b3i = t1i.add(t3r);
                b3r.mul(w3r).sub(b3i.mul(w3i)).intoMemorySegment(ALL, yr + to + 3 * row, ORDER);
                b3r.mul(w3i).add(b3i.mul(w3r)).intoMemorySegment(ALL, yi + to + 3 * row, ORDER);
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
        DoubleVector a1r = fromMemorySegment(D, ALL, xr + from + step, ORDER);
        DoubleVector a4r = fromMemorySegment(D, ALL, xr + from + 4 * step, ORDER);
        DoubleVector a1i = fromMemorySegment(D, ALL, xi + from + step, ORDER);
        DoubleVector a4i = fromMemorySegment(D, ALL, xi + from + 4 * step, ORDER);
        DoubleVector s1r = a1r.add(a4r);
        DoubleVector s1i = a1i.add(a4i);
        DoubleVector d1r = a1r.sub(a4r);
        DoubleVector d1i = a1i.sub(a4i);
        DoubleVector a2r = fromMemorySegment(D, ALL, xr + from + 2 * step, ORDER);
        DoubleVector a3r = fromMemorySegment(D, ALL, xr + from + 3 * step, ORDER);
        DoubleVector a2i = fromMemorySegment(D, ALL, xi + from + 2 * step, ORDER);
        DoubleVector a3i = fromMemorySegment(D, ALL, xi + from + 3 * step, ORDER);
        DoubleVector s2r = a2r.add(a3r);
        DoubleVector s2i = a2i.add(a3i);
        DoubleVector d2r = a2r.sub(a3r);
        DoubleVector d2i = a2i.sub(a3i);
        DoubleVector a0r = fromMemorySegment(D, ALL, xr + from, ORDER);
        DoubleVector a0i = fromMemorySegment(D, ALL, xi + from, ORDER);
        a0r.add(s1r.add(s2r)).intoMemorySegment(ALL, yr + to, ORDER);
        a0i.add(s1i.add(s2i)).intoMemorySegment(ALL, yi + to, ORDER);
        DoubleVector c1r = a0r.add(s1r.mul(COS_72)).add(s2r.mul(COS_144));
        DoubleVector c1i = a0i.add(s1i.mul(COS_72)).add(s2i.mul(COS_144));
        DoubleVector e1r = d1r.mul(SIN_72).add(d2r.mul(SIN_144));
        DoubleVector e1i = d1i.mul(SIN_72).add(d2i.mul(SIN_144));
        c1r.add(e1i).intoMemorySegment(ALL, yr + to + row, ORDER);
        c1i.sub(e1r).intoMemorySegment(ALL, yi + to + row, ORDER);
        turn(w, 0, yr + to + row, yi + to + row);
        c1r.sub(e1i).intoMemorySegment(ALL, yr + to + 4 * row, ORDER);
        c1i.add(e1r).intoMemorySegment(ALL, yi + to + 4 * row, ORDER);
        turn(w, 3, yr + to + 4 * row, yi + to + 4 * row);
        DoubleVector c2r = a0r.add(s1r.mul(COS_144)).add(s2r.mul(COS_72));
        DoubleVector c2i = a0i.add(s1i.mul(COS_144)).add(s2i.mul(COS_72));
        DoubleVector e2r = d1r.mul(SIN_144).sub(d2r.mul(SIN_72));
        DoubleVector e2i = d1i.mul(SIN_144).sub(d2i.mul(SIN_72));
        c2r.add(e2i).intoMemorySegment(ALL, yr + to + 2 * row, ORDER);
        c2i.sub(e2r).intoMemorySegment(ALL, yi + to + 2 * row, ORDER);
        turn(w, 1, yr + to + 2 * row, yi + to + 2 * row);
        c2r.sub(e2i).intoMemorySegment(ALL, yr + to + 3 * row, ORDER);
        c2i.add(e2r).intoMemorySegment(ALL, yi + to + 3 * row, ORDER);
        turn(w, 2, yr + to + 3 * row, yi + to + 3 * row);
    }

    private static void turn(long w, int k, long yr, long yi) {
        DoubleVector re = fromMemorySegment(D, ALL, yr, ORDER);
        DoubleVector im = fromMemorySegment(D, ALL, yi, ORDER);
        DoubleVector wr = DoubleVector.broadcast(D, Raw.f64(w + 8 * (2 * k)));
        DoubleVector wi = DoubleVector.broadcast(D, Raw.f64(w + 8 * (2 * k + 1)));
        re.mul(wr).sub(im.mul(wi)).intoMemorySegment(ALL, yr, ORDER);
        re.mul(wi).add(im.mul(wr)).intoMemorySegment(ALL, yi, ORDER);
    }

    // ---- real sequences ----

    /**
     * Spectra y of real sequences, elements 0 to h, from those x of their even and odd elements as complex numbers of length h:
     * {@code y_k = (e - i t) / 2} and {@code y_(h-k) = conj(e + i t) / 2} with {@code e = x_k + conj x_(h-k)} and
     * {@code t = w^k (x_k - conj x_(h-k))}; rows of {@code row} bytes, whole vectors.
     */
    static void unpack(int h, long row, long w, long xr, long xi, long yr, long yi) {
        for (long k = 0; k <= h / 2; k++) {
            DoubleVector wr = DoubleVector.broadcast(D, Raw.f64(w + 8 * (2 * k)));
            DoubleVector wi = DoubleVector.broadcast(D, Raw.f64(w + 8 * (2 * k + 1)));
            long a = k * row;
            long b = (h - k) * row;
            long wrapped = k == 0 ? 0 : b;
            for (long q = 0; q < row; q += STEP) {
                DoubleVector ar = fromMemorySegment(D, ALL, xr + a + q, ORDER);
                DoubleVector ai = fromMemorySegment(D, ALL, xi + a + q, ORDER);
                DoubleVector br = fromMemorySegment(D, ALL, xr + wrapped + q, ORDER);
                DoubleVector bi = fromMemorySegment(D, ALL, xi + wrapped + q, ORDER);
                DoubleVector dr = ar.sub(br);
                DoubleVector di = ai.add(bi);
                DoubleVector er = ar.add(br);
                DoubleVector ei = ai.sub(bi);
                DoubleVector tr = dr.mul(wr).sub(di.mul(wi));
                DoubleVector ti = dr.mul(wi).add(di.mul(wr));
                er.add(ti).mul(0.5).intoMemorySegment(ALL, yr + a + q, ORDER);
                ei.sub(tr).mul(0.5).intoMemorySegment(ALL, yi + a + q, ORDER);
                er.sub(ti).mul(0.5).intoMemorySegment(ALL, yr + b + q, ORDER);
                ei.add(tr).mul(-0.5).intoMemorySegment(ALL, yi + b + q, ORDER);
            }
        }
    }

    /** The transpose way: {@code y_k = e + i t} and {@code y_(h-k) = conj(e - i t)} with {@code t = w^-k (x_k - conj x_(h-k))}; y has a row h, which means nothing. */
    static void pack(int h, long row, long w, long xr, long xi, long yr, long yi) {
        for (long k = 0; k <= h / 2; k++) {
            DoubleVector wr = DoubleVector.broadcast(D, Raw.f64(w + 8 * (2 * k)));
            DoubleVector wi = DoubleVector.broadcast(D, Raw.f64(w + 8 * (2 * k + 1))).neg();
            long a = k * row;
            long b = (h - k) * row;
            for (long q = 0; q < row; q += STEP) {
                DoubleVector ar = fromMemorySegment(D, ALL, xr + a + q, ORDER);
                DoubleVector ai = fromMemorySegment(D, ALL, xi + a + q, ORDER);
                DoubleVector br = fromMemorySegment(D, ALL, xr + b + q, ORDER);
                DoubleVector bi = fromMemorySegment(D, ALL, xi + b + q, ORDER);
                DoubleVector dr = ar.sub(br);
                DoubleVector di = ai.add(bi);
                DoubleVector er = ar.add(br);
                DoubleVector ei = ai.sub(bi);
                DoubleVector tr = dr.mul(wr).sub(di.mul(wi));
                DoubleVector ti = dr.mul(wi).add(di.mul(wr));
                er.sub(ti).intoMemorySegment(ALL, yr + a + q, ORDER);
                ei.add(tr).intoMemorySegment(ALL, yi + a + q, ORDER);
                er.add(ti).intoMemorySegment(ALL, yr + b + q, ORDER);
                tr.sub(ei).intoMemorySegment(ALL, yi + b + q, ORDER);
            }
        }
    }
}
