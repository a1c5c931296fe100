package lemma.kernel;

import lemma.display.Bundle;
import org.nd4j.linalg.api.ndarray.INDArray;

/** ND4J arrays as text: data type and shape, then values, of a large array only the corners. */
final class Arrays {
    private static final long MAX_ELEMENTS = 1000;
    private static final int PRECISION = 4;

    private Arrays() {}

    static Bundle render(Object value) {
        INDArray array = (INDArray) value;
        String values = array.isEmpty() ? "" : "\n" + array.toString(MAX_ELEMENTS, array.length() > MAX_ELEMENTS, PRECISION);
        return Bundle.text("INDArray " + array.dataType() + " " + java.util.Arrays.toString(array.shape()) + values);
    }
}
