package lemma.ntk;

import java.util.Map;
import lemma.tensor.Shape;

/** A layer {@code y = W_std / sqrt(d) W x + b_std b} of one weight and perhaps one bias. */
interface AffineLayer extends Network {
    /** The scales in a network whose examples have the shape {@code in} here. */
    LayerScales at(Shape in);

    @Override
    default boolean hasWeights() {
        return true;
    }

    @Override
    default double sgdFactor(Shape in) {
        return at(in).rate();
    }

    @Override
    default Map<String, Double> adamFactors(Shape in) {
        return at(in).adamFactors();
    }
}
