package lemma.loss;

import lemma.tensor.Tensor;

/**
 * Regression of keypoints by heat maps: the mean squared difference of each joint's map from a Gaussian {@code exp(-|p - joint|^2 / (2 sigma^2))} of
 * the pixels p, whose peak is 1.
 *
 * <p>Shapes: maps {@code (n, joints, h, w)}, joints {@code (n, joints, 2)} as (column, row) in pixels, of which the first is 0; result {@code (n)}.
 *
 * @param sigma of the Gaussian in pixels
 * @see <a href="https://arxiv.org/abs/1406.2984">Tompson et al. (2014), Joint training of a convolutional network and a graphical model, section 3.1</a>
 */
public record HeatmapLoss(double sigma) implements Loss {
    public HeatmapLoss {
        if (!(sigma > 0 && Double.isFinite(sigma))) throw new IllegalArgumentException("HeatmapLoss: sigma is " + sigma + ", expected above 0");
    }

    public static HeatmapLoss of(double sigma) {
        return new HeatmapLoss(sigma);
    }

    @Override
    public Tensor each(Tensor maps, Tensor joints) {
        if (maps.rank() != 4 || joints.rank() != 3 || joints.dim(0) != maps.dim(0) || joints.dim(1) != maps.dim(1) || joints.dim(2) != 2) {
            throw new IllegalArgumentException("HeatmapLoss: maps are " + maps.shape() + ", joints " + joints.shape() + "; expected (n, joints, h, w) and (n, joints, 2)");
        }
        return maps.sub(targets(joints.to(maps.dtype()), maps.dim(2), maps.dim(3))).square().mean(1, 2, 3);
    }

    /** The Gaussians: joints (n, joints, 2) to maps (n, joints, height, width). */
    public Tensor targets(Tensor joints, int height, int width) {
        Tensor acrossColumns = bell(joints.narrow(2, 0, 1), width);
        Tensor acrossRows = bell(joints.narrow(2, 1, 2), height);
        return acrossRows.unsqueeze(3).mul(acrossColumns.unsqueeze(2));
    }

    private Tensor bell(Tensor centre, int pixels) {
        return Tensor.arange(0, pixels, 1, centre.dtype()).sub(centre).square().mul(-0.5 / (sigma * sigma)).exp();
    }
}
