package lemma.data;

import lemma.tensor.Tensor;

/**
 * Square pictures turned about their centre, with bilinear interpolation and zeros from outside: a matrix on the pixels, made once.
 *
 * <p>Shapes: {@code (..., side * side)} to the same.
 *
 * @param side pixels a side
 * @param radians angle; a positive one turns from the column axis to the row axis, which is clockwise as pictures are drawn
 * @param pixels (side * side, side * side): row i holds what pixel i takes from each pixel
 */
public record ImageRotation(int side, double radians, Tensor pixels) {
    /** @throws IllegalArgumentException if {@code side < 1} or the angle is not finite */
    public static ImageRotation of(int side, double radians) {
        if (side < 1 || !Double.isFinite(radians)) throw new IllegalArgumentException("ImageRotation: side " + side + ", angle " + radians + "; expected at least 1 and a finite number");
        float[] from = new float[side * side * side * side];
        double centre = (side - 1) / 2.0;
        for (int r = 0; r < side; r++) {
            for (int c = 0; c < side; c++) {
                double y = centre + Math.cos(radians) * (r - centre) - Math.sin(radians) * (c - centre);
                double x = centre + Math.sin(radians) * (r - centre) + Math.cos(radians) * (c - centre);
                take(from, side, (r * side + c) * side * side, y, x);
            }
        }
        return new ImageRotation(side, radians, Tensor.of(from, side * side, side * side));
    }

    private static void take(float[] from, int side, int row, double y, double x) {
        int top = (int) Math.floor(y);
        int left = (int) Math.floor(x);
        for (int r = top; r <= top + 1; r++) {
            for (int c = left; c <= left + 1; c++) {
                if (r < 0 || c < 0 || r >= side || c >= side) continue;
                from[row + r * side + c] += (float) ((1 - Math.abs(y - r)) * (1 - Math.abs(x - c)));
            }
        }
    }

    /** The turned pictures. */
    public Tensor apply(Tensor x) {
        if (x.rank() == 0 || x.dim(-1) != side * side) throw new IllegalArgumentException("ImageRotation: x is " + x.shape() + ", expected (..., " + side * side + ")");
        return x.matmul(pixels.to(x.dtype()).t());
    }
}
