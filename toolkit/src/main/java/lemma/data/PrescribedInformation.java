package lemma.data;

import lemma.tensor.DType;
import lemma.tensor.Random;
import lemma.tensor.Shape;
import lemma.tensor.Tensor;

/**
 * Pairs of pictures whose mutual information is known: two pairs of Gaussians of correlation rho, {@code I = -log(1 - rho^2)} nats together, become uniform by
 * their distribution function; one of each pair is the centre of a blob, the other the corner of a rectangle. A picture tells its two numbers exactly,
 * so that pictures have the information of the Gaussians, in as many dimensions as they have pixels. Noise on the pixels takes some of it away: then it is an upper bound,
 * and close to the information while the place of a blob or corner is found much more sharply than its partner tells it.
 *
 * @param nats mutual information, at least 0
 * @param size pixels a side, at least 4
 * @param noise standard deviation of a pixel; pictures reach from 0 to 1
 * @see <a href="https://arxiv.org/abs/2305.08013">Butakov et al. (2024), Information Bottleneck Analysis of Deep Neural Networks via Lossy Compression, section 5</a>
 */
public record PrescribedInformation(double nats, int size, double noise) {
    public PrescribedInformation {
        if (!(nats >= 0) || !(noise >= 0) || size < 4 || nats == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("PrescribedInformation: " + nats + " nats, size " + size + ", noise " + noise + "; expected at least 0, 4 and 0");
        }
    }

    /** 16 x 16 pixels without noise. */
    public static PrescribedInformation of(double nats) {
        return new PrescribedInformation(nats, 16, 0);
    }

    /** The same with noise on the pixels. */
    public PrescribedInformation withNoise(double level) {
        return new PrescribedInformation(nats, size, level);
    }

    /**
     * Some pairs.
     *
     * @param blobs (n, size * size) FLOAT32
     * @param rectangles (n, size * size) FLOAT32
     * @param centres what the blobs show (n, 2), uniform in [0, 1], FLOAT64
     * @param corners what the rectangles show (n, 2), uniform in [0, 1], FLOAT64
     */
    public record Sample(Tensor blobs, Tensor rectangles, Tensor centres, Tensor corners) {}

    /** n independent pairs. */
    public Sample sample(int n, Random random) {
        double rho = Math.sqrt(-Math.expm1(-nats));
        Tensor xi = random.fork(0).normal(Shape.of(n, 2), DType.FLOAT64);
        Tensor eta = xi.mul(rho).add(random.fork(1).normal(Shape.of(n, 2), DType.FLOAT64).mul(Math.sqrt(1 - rho * rho)));
        Tensor centres = uniform(xi);
        Tensor corners = uniform(eta);
        Tensor place = Tensor.arange(0, size, 1, DType.FLOAT64);
        Tensor middle = centres.mul(size / 2.0).add((size / 2.0 - 1) / 2).unsqueeze(2);
        Tensor blob = place.sub(middle).div(size / 8.0).square().mul(-0.5).exp();
        Tensor length = corners.mul(size - 2).add(1).unsqueeze(2);
        Tensor side = length.sub(place).clamp(0, 1); // the last pixel is covered in part
        return new Sample(picture(blob, random.fork(2)), picture(side, random.fork(3)), centres, corners);
    }

    private static Tensor uniform(Tensor normal) {
        return normal.div(Math.sqrt(2)).erf().add(1).div(2);
    }

    /** The product of a column and a row of pixels. */
    private Tensor picture(Tensor sides, Random random) {
        int n = sides.dim(0);
        Tensor rows = sides.narrow(1, 0, 1).reshape(n, size, 1);
        Tensor columns = sides.narrow(1, 1, 2).reshape(n, 1, size);
        Tensor clean = rows.mul(columns).reshape(n, size * size).to(DType.FLOAT32);
        return noise == 0 ? clean : clean.add(random.normal(n, size * size).mul(noise));
    }
}
