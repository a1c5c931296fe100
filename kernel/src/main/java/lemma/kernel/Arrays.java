package lemma.kernel;

import java.util.Set;
import lemma.display.Bundle;
import lemma.tensor.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** ND4J arrays: data type and shape, then values, of a large array only the corners; beside the text what a tensor shows. */
final class Arrays {
    private static final long MAX_ELEMENTS = 1000;
    private static final int PRECISION = 4;
    private static final Set<DataType> LIKE_TENSORS = Set.of(DataType.FLOAT, DataType.DOUBLE, DataType.INT, DataType.LONG);

    private Arrays() {}

    static Bundle render(Object value) {
        INDArray array = (INDArray) value;
        String values = array.isEmpty() ? "" : "\n" + array.toString(MAX_ELEMENTS, array.length() > MAX_ELEMENTS, PRECISION);
        Bundle text = Bundle.text("INDArray " + array.dataType() + " " + java.util.Arrays.toString(array.shape()) + values);
        if (array.isEmpty() || !LIKE_TENSORS.contains(array.dataType())) return text;
        if (!(Tensor.of(array).bundle().data().get(Bundle.HTML) instanceof String html)) return text;
        return text.with(Bundle.HTML, html.replaceFirst("<b>[^<]*</b>", "<b>" + text.plain().lines().findFirst().orElseThrow() + "</b>"));
    }
}
