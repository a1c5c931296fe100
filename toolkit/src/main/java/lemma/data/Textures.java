package lemma.data;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;
import lemma.train.Batch;

/**
 * Small pictures of ten classes drawn from formulas: stripes in four directions, rings, a disc, a square, a diamond, checks and a cross, each with a random
 * place or phase and a random size, under Gaussian noise. Stripes, rings and checks are waves between -1 and 1; shapes are 1 on 0.
 *
 * @param size pixels a side
 * @param noise standard deviation of the noise on every pixel
 */
public record Textures(int size, double noise) {
    /** Names of the classes, in the order of their labels. */
    public enum Kind { HORIZONTAL, VERTICAL, RISING, FALLING, RINGS, DISC, SQUARE, DIAMOND, CHECKS, CROSS }

    private static final int DRAWS = 5;

    public Textures {
        if (size < 8 || !(noise >= 0 && Double.isFinite(noise))) throw new IllegalArgumentException("Textures: size " + size + ", noise " + noise + "; expected at least 8 and 0");
    }

    /** 16 x 16 pixels with noise 0.8. */
    public static Textures of() {
        return new Textures(16, 0.8);
    }

    /** n pictures (n, 1, size, size) FLOAT32 and their classes (n) INT64, all classes equally likely. */
    public Batch sample(int n, Random random) {
        if (n < 0) throw new IllegalArgumentException("Textures: " + n + " pictures, expected at least 0");
        Kind[] kinds = Kind.values();
        double[] u = random.fork(0).uniform(Shape.of(n, DRAWS), DType.FLOAT64).toDoubles();
        float[] pictures = new float[n * size * size];
        long[] labels = new long[n];
        for (int i = 0; i < n; i++) {
            Kind kind = kinds[(int) (u[i * DRAWS] * kinds.length)];
            labels[i] = kind.ordinal();
            Placed placed = Placed.of(u, i * DRAWS, size);
            for (int p = 0; p < size * size; p++) pictures[i * size * size + p] = (float) placed.value(kind, p % size, p / size);
        }
        Tensor drawn = Tensor.of(pictures, n, 1, size, size);
        return new Batch(drawn.add(random.fork(1).normal(n, 1, size, size).mul(noise)), Tensor.of(labels));
    }

    /** A place (also the phase of waves), a wave length and the radius of a shape, in pixels. */
    private record Placed(double x, double y, double wave, double radius) {
        static Placed of(double[] u, int at, int size) {
            double margin = size / 4.0;
            double room = size - 1 - 2 * margin;
            return new Placed(margin + room * u[at + 1], margin + room * u[at + 2], size / 16.0 * (4 + 3 * u[at + 3]), size / 16.0 * (3 + 2 * u[at + 4]));
        }

        double value(Kind kind, int column, int row) {
            double dx = column - x;
            double dy = row - y;
            return switch (kind) {
                case HORIZONTAL -> wave(dy);
                case VERTICAL -> wave(dx);
                case RISING -> wave((dx + dy) * Math.sqrt(0.5));
                case FALLING -> wave((dx - dy) * Math.sqrt(0.5));
                case RINGS -> wave(Math.sqrt(dx * dx + dy * dy));
                case DISC -> inside(dx * dx + dy * dy <= radius * radius);
                case SQUARE -> inside(Math.max(Math.abs(dx), Math.abs(dy)) <= radius);
                case DIAMOND -> inside(Math.abs(dx) + Math.abs(dy) <= radius);
                case CHECKS -> wave(dx) >= 0 == wave(dy) >= 0 ? 1 : -1;
                case CROSS -> inside(Math.min(Math.abs(dx), Math.abs(dy)) <= 1 && Math.max(Math.abs(dx), Math.abs(dy)) <= radius);
            };
        }

        private double wave(double distance) {
            return Math.sin(2 * Math.PI * distance / wave);
        }

        private static double inside(boolean yes) {
            return yes ? 1 : 0;
        }
    }
}
