package lemma.data;

import java.util.stream.IntStream;
import lemma.tensor.Tensor;
import lemma.train.Batch;

/** Examples cut from one long sequence by a sliding window. */
public final class Windows {
    private Windows() {}

    /**
     * For a language model: {@code x_i = tokens[s, s + length)} and {@code y_i = tokens[s + 1, s + length + 1)} with {@code s = i * stride}.
     *
     * @param tokens (T)
     * @return x and y, each (windows, length)
     * @throws IllegalArgumentException when not one window fits
     */
    public static Batch nextToken(Tensor tokens, int length, int stride) {
        if (tokens.rank() != 1) throw new IllegalArgumentException("Windows.nextToken: tokens is " + tokens.shape() + ", expected one axis");
        int windows = windows("nextToken", tokens, length, 1, stride);
        return new Batch(cut(tokens, windows, stride, 0, length), cut(tokens, windows, stride, 1, length));
    }

    /**
     * For a forecast: {@code x_i = series[s, s + input)} and {@code y_i = series[s + input, s + input + horizon)} with {@code s = i * stride}.
     *
     * @param series (T) or (T, channels)
     * @return x (windows, input[, channels]) and y (windows, horizon[, channels])
     * @throws IllegalArgumentException when not one window fits
     */
    public static Batch forecast(Tensor series, int input, int horizon, int stride) {
        if (series.rank() < 1) throw new IllegalArgumentException("Windows.forecast: series is a scalar, expected (T) or (T, channels)");
        int windows = windows("forecast", series, input, horizon, stride);
        return new Batch(cut(series, windows, stride, 0, input), cut(series, windows, stride, input, horizon));
    }

    private static int windows(String call, Tensor series, int input, int horizon, int stride) {
        if (input < 1 || horizon < 1 || stride < 1) {
            throw new IllegalArgumentException("Windows." + call + ": input " + input + ", horizon " + horizon + ", stride " + stride + ", expected at least 1 each");
        }
        int room = series.dim(0) - input - horizon;
        if (room < 0) throw new IllegalArgumentException("Windows." + call + ": " + series.dim(0) + " steps are too few for a window of " + input + " and " + horizon);
        return room / stride + 1;
    }

    private static Tensor cut(Tensor series, int windows, int stride, int from, int length) {
        long[] index = IntStream.range(0, Math.multiplyExact(windows, length)).mapToLong(i -> (long) (i / length) * stride + from + i % length).toArray();
        int[] shape = series.shape().dims();
        int[] to = new int[shape.length + 1];
        System.arraycopy(shape, 0, to, 1, shape.length);
        to[0] = windows;
        to[1] = length;
        return series.indexSelect(0, Tensor.of(index)).reshape(to);
    }
}
