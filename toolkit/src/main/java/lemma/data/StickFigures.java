package lemma.data;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Pictures of stick figures among loose strokes, with the exact places of their joints: head, left hand, right hand, left foot, right foot, as the
 * picture has left and right. Torso, arms and legs vary in place, length and angle, the head is a disc; the strokes are as bright and as wide
 * as the limbs, so that only how they hang together tells a hand from the end of a stroke.
 *
 * @param size pixels a side; lengths grow with it, the width of a line does not
 * @param clutter loose strokes a picture
 * @param noise standard deviation of Gaussian noise on every pixel; a line has brightness 1
 */
public record StickFigures(int size, int clutter, double noise) {
    /** Joints a figure. */
    public static final int JOINTS = 5;

    private static final int POSE = 13;
    private static final int STROKE = 4;

    public StickFigures {
        if (size < 16 || clutter < 0 || !(noise >= 0 && Double.isFinite(noise))) {
            throw new IllegalArgumentException("StickFigures: size " + size + ", clutter " + clutter + ", noise " + noise + "; expected at least 16, 0 and 0");
        }
    }

    /** 32 x 32 pixels, six strokes, noise 0.15. */
    public static StickFigures of() {
        return new StickFigures(32, 6, 0.15);
    }

    /**
     * Pictures and their truth.
     *
     * @param images (n, 1, size, size), FLOAT32
     * @param joints (n, 5, 2), FLOAT32: (column, row) in pixels, of which the first is 0
     * @param masks (n, 1, size, size), FLOAT32: 1 where the figure covers at least half of a pixel, else 0
     */
    public record Sample(Tensor images, Tensor joints, Tensor masks) {}

    /** n pictures. */
    public Sample sample(int n, Random random) {
        if (n < 0) throw new IllegalArgumentException("StickFigures: " + n + " pictures, expected at least 0");
        int draws = POSE + STROKE * clutter;
        double[] u = random.fork(0).uniform(Shape.of(n, draws), DType.FLOAT64).toDoubles();
        float[] images = new float[n * size * size];
        float[] masks = new float[n * size * size];
        float[] joints = new float[n * JOINTS * 2];
        for (int i = 0; i < n; i++) {
            Pose pose = Pose.of(u, i * draws, size / 32.0);
            pose.store(joints, i * JOINTS * 2);
            for (double[] limb : pose.limbs()) draw(masks, i, limb, 1.25);
            draw(masks, i, pose.head(), 2.75);
            System.arraycopy(masks, i * size * size, images, i * size * size, size * size);
            for (int s = 0; s < clutter; s++) draw(images, i, stroke(u, i * draws + POSE + STROKE * s), 1.25);
        }
        for (int p = 0; p < masks.length; p++) masks[p] = masks[p] >= 0.5f ? 1 : 0;
        Tensor drawn = Tensor.of(images, n, 1, size, size);
        return new Sample(drawn.add(random.fork(1).normal(n, 1, size, size).mul(noise)), Tensor.of(joints, n, JOINTS, 2), Tensor.of(masks, n, 1, size, size));
    }

    private double[] stroke(double[] u, int at) {
        double x = u[at] * (size - 1);
        double y = u[at + 1] * (size - 1);
        double length = size / 32.0 * (5 + 7 * u[at + 2]);
        double angle = Math.PI * u[at + 3];
        return new double[] {x, y, x + length * Math.cos(angle), y + length * Math.sin(angle)};
    }

    /** Adds the line from (x, y) to (x', y') to picture i: what it covers of a pixel falls from 1 to 0 over the last pixel before {@code reach}. */
    private void draw(float[] pixels, int i, double[] line, double reach) {
        double dx = line[2] - line[0];
        double dy = line[3] - line[1];
        double square = Math.max(dx * dx + dy * dy, 1e-12);
        for (int r = 0; r < size; r++) {
            for (int c = 0; c < size; c++) {
                double along = Math.clamp(((c - line[0]) * dx + (r - line[1]) * dy) / square, 0, 1);
                double x = line[0] + along * dx - c;
                double y = line[1] + along * dy - r;
                float covered = (float) Math.clamp(reach - Math.sqrt(x * x + y * y), 0, 1);
                int p = (i * size + r) * size + c;
                pixels[p] = Math.max(pixels[p], covered);
            }
        }
    }

    /** The points of one figure, (column, row). */
    private record Pose(double[] hip, double[] neck, double[][] joints) {
        /** From {@link #POSE} uniform numbers; {@code scale} is 1 for 32 pixels. */
        static Pose of(double[] u, int at, double scale) {
            double lean = between(-0.25, 0.25, u[at]);
            double[] hip = {scale * between(12, 20, u[at + 1]), scale * between(17, 21, u[at + 2])};
            double[] neck = from(hip, Math.PI - lean, scale * between(7, 9, u[at + 3]));
            double[][] joints = {
                from(neck, Math.PI - lean - between(-0.3, 0.3, u[at + 4]), 4 * scale),
                from(neck, -between(0.7, 2.2, u[at + 5]), scale * between(6, 8, u[at + 6])),
                from(neck, between(0.7, 2.2, u[at + 7]), scale * between(6, 8, u[at + 8])),
                from(hip, -between(0.2, 0.7, u[at + 9]), scale * between(7, 9, u[at + 10])),
                from(hip, between(0.2, 0.7, u[at + 11]), scale * between(7, 9, u[at + 12])),
            };
            return new Pose(hip, neck, joints);
        }

        private static double between(double low, double high, double u) {
            return low + (high - low) * u;
        }

        /** {@code length} away, in a direction that turns from down to the right. */
        private static double[] from(double[] point, double angle, double length) {
            return new double[] {point[0] + length * Math.sin(angle), point[1] + length * Math.cos(angle)};
        }

        void store(float[] joints, int at) {
            for (int j = 0; j < JOINTS; j++) {
                joints[at + 2 * j] = (float) this.joints[j][0];
                joints[at + 2 * j + 1] = (float) this.joints[j][1];
            }
        }

        double[][] limbs() {
            return new double[][] {line(hip, neck), line(neck, joints[0]), line(neck, joints[1]), line(neck, joints[2]), line(hip, joints[3]), line(hip, joints[4])};
        }

        /** The middle of the head, a disc. */
        double[] head() {
            return line(joints[0], joints[0]);
        }

        private static double[] line(double[] a, double[] b) {
            return new double[] {a[0], a[1], b[0], b[1]};
        }
    }
}
