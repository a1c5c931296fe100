package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lemma.tensor.DType;
import lemma.tensor.Tensor;
import org.junit.jupiter.api.Test;

class CharTokenizerTest {
    @Test
    void tokensAreNumberedByCodePoint() {
        CharTokenizer tokenizer = CharTokenizer.of("banana—𝛼");
        assertThat(tokenizer.alphabet()).isEqualTo("abn—𝛼");
        assertThat(tokenizer.encode("nab𝛼").toLongs()).containsExactly(2, 0, 1, 4);
        assertThat(tokenizer.encode("nab").dtype()).isEqualTo(DType.INT64);
    }

    @Test
    void decodingTakesEncodingBack() {
        String text = Datasets.mobyDick().text();
        CharTokenizer tokenizer = CharTokenizer.of(text);
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    }

    @Test
    void whatIsNotKnownIsQuoted() {
        CharTokenizer tokenizer = CharTokenizer.of("ab");
        assertThatThrownBy(() -> tokenizer.encode("abc")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'c' is not in the alphabet of 2");
        assertThatThrownBy(() -> tokenizer.decode(Tensor.of(new long[] {0, 2}))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("token 2, expected 0 to 1");
        assertThatThrownBy(() -> CharTokenizer.of("")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("empty");
    }
}
