package lemma.ntk;

import lemma.nn.Dropout;
import lemma.nn.Module;
import lemma.tensor.Shape;

/** Units at random out of the way; {@link Stax#dropout}. */
record DropoutLayer(double p) implements Network {
    @Override
    public Module module(Shape in) {
        return new Dropout(p);
    }

    @Override
    public Shape out(Shape in) {
        return in;
    }

    @Override
    public Covariance covariance(Covariance k) {
        if (k.affineMaps() == 0) throw new IllegalArgumentException("Stax.dropout: on the inputs there are no wide layers to average over; put a dense or conv layer before it");
        return k.dropped(1 - p);
    }
}
