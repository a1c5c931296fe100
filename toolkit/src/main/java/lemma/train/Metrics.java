package lemma.train;

import java.util.List;
import lemma.tensor.DType;
import lemma.tensor.Tensor;

/** Measures of predictions against targets. */
public final class Metrics {
    private Metrics() {}

    /** Share of rows whose largest logit is at the label: logits (..., classes), labels integers (...). */
    public static double accuracy(Tensor logits, Tensor labels) {
        return logits.argmax(-1).eq(labels).mean().item();
    }

    /** Share of rows whose largest logit is not at the label. */
    public static double error(Tensor logits, Tensor labels) {
        return 1 - accuracy(logits, labels);
    }

    /** Share of rows whose label is among the k largest logits, of equal ones the first: logits (n, classes), labels (n). */
    public static double topKAccuracy(Tensor logits, Tensor labels, int k) {
        if (logits.rank() != 2 || labels.rank() != 1 || labels.dim(0) != logits.dim(0)) {
            throw new IllegalArgumentException("topKAccuracy: logits are " + logits.shape() + ", labels " + labels.shape() + "; expected (n, classes) and (n)");
        }
        if (k < 1 || k > logits.dim(1)) throw new IllegalArgumentException("topKAccuracy: k is " + k + " of " + logits.dim(1) + " classes");
        return logits.topk(k, 1).indices().eq(labels.unsqueeze(1)).any(1).mean().item();
    }

    /**
     * Percentage of correct keypoints as a share: of the joints whose map has its largest value, of equal ones the first, at most {@code radius} pixels from the
     * truth. Maps are (n, joints, h, w), joints (n, joints, 2) as (column, row) in pixels.
     */
    public static double pck(Tensor maps, Tensor joints, double radius) {
        if (maps.rank() != 4 || joints.rank() != 3 || joints.dim(0) != maps.dim(0) || joints.dim(1) != maps.dim(1) || joints.dim(2) != 2) {
            throw new IllegalArgumentException("pck: maps are " + maps.shape() + ", joints " + joints.shape() + "; expected (n, joints, h, w) and (n, joints, 2)");
        }
        if (!(radius >= 0)) throw new IllegalArgumentException("pck: radius is " + radius + ", expected at least 0");
        return peaks(maps).sub(joints.to(DType.FLOAT64)).square().sum(2).le(radius * radius).mean().item();
    }

    /** Where each map is largest: maps (n, joints, h, w) to (n, joints, 2) as (column, row), FLOAT64. */
    public static Tensor peaks(Tensor maps) {
        Tensor at = maps.flatten(2).argmax(-1).to(DType.FLOAT64);
        Tensor row = at.div(maps.dim(3)).floor();
        return Tensor.stack(List.of(at.sub(row.mul(maps.dim(3))), row), 2);
    }
}
