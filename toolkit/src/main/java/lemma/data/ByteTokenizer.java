package lemma.data;

import java.util.stream.IntStream;
import lemma.tensor.Tensor;

/**
 * Text as its UTF-8 bytes: 256 tokens for every text there is. A surrogate without its partner is kept, as three bytes. Bytes that are no UTF-8, which a model
 * may write, decode to U+FFFD.
 */
public record ByteTokenizer() implements Tokenizer {
    public static ByteTokenizer of() {
        return new ByteTokenizer();
    }

    @Override
    public int size() {
        return 256;
    }

    @Override
    public Tensor encode(String text) {
        byte[] bytes = Utf8.encode(text);
        return Tensor.of(IntStream.range(0, bytes.length).mapToLong(i -> bytes[i] & 0xFF).toArray());
    }

    /** @throws IllegalArgumentException for a token that is not 0 to 255 */
    @Override
    public String decode(Tensor tokens) {
        int[] ids = tokens.toInts();
        byte[] bytes = new byte[ids.length];
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] > 255) throw new IllegalArgumentException("ByteTokenizer: token " + ids[i] + ", expected 0 to 255");
            bytes[i] = (byte) ids[i];
        }
        return Utf8.decode(bytes);
    }
}
