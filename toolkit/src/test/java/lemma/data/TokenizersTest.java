package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lemma.tensor.DType;
import lemma.tensor.Tensor;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TokenizersTest {
    private static final JsonObject FIXTURE = read();
    private static final String TEXT = FIXTURE.get("text").getAsString();
    private static final BpeTokenizer BPE = BpeTokenizer.train(TEXT, 400);

    private static JsonObject read() {
        try (Reader in = new InputStreamReader(TokenizersTest.class.getResourceAsStream("/lemma/data/bpe.json"), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Strings of any UTF-16 units: letters, white space, emoji, combining signs, unpaired surrogates, zero. */
    @Provide
    Arbitrary<String> anyText() {
        Arbitrary<String> units = Arbitraries.chars().range(Character.MIN_VALUE, Character.MAX_VALUE).map(String::valueOf);
        Arbitrary<String> surrogates = Arbitraries.chars().range('\uD7FE', '\uE001').map(String::valueOf);
        Arbitrary<String> known = Arbitraries.of("a", " ", "it was", "\n", "\r", "\t", "\u00a0", "\u2028", "é", "e\u0301", "🙂", "👩‍👩‍👧", "\0", "1", "ß", "\uFFFD", "\uFEFF", "東");
        return Arbitraries.oneOf(units, surrogates, known).list().ofMaxSize(40).map(parts -> String.join("", parts));
    }

    @Property
    void decodingTakesEncodingBack(@ForAll("anyText") String text) {
        for (Tokenizer tokenizer : new Tokenizer[] {ByteTokenizer.of(), BPE}) {
            Tensor tokens = tokenizer.encode(text);
            assertThat(tokens.dtype()).isEqualTo(DType.INT64);
            assertThat(tokenizer.decode(tokens)).isEqualTo(text);
            assertThat(tokens.size() == 0 || tokens.max().item() < tokenizer.size()).isTrue();
        }
    }

    @Property
    void bytesAreThoseOfUtf8WhereTextIsWellFormed(@ForAll("anyText") String text) {
        String wellFormed = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        byte[] bytes = wellFormed.getBytes(StandardCharsets.UTF_8);
        assertThat(ByteTokenizer.of().encode(wellFormed).toInts()).containsExactly(IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xFF).toArray());
    }

    @Property
    void anyBytesDecodeToText(@ForAll byte[] bytes) {
        long[] tokens = IntStream.range(0, bytes.length).mapToLong(i -> bytes[i] & 0xFF).toArray();
        String text = ByteTokenizer.of().decode(Tensor.of(tokens));
        assertThat(ByteTokenizer.of().decode(ByteTokenizer.of().encode(text))).isEqualTo(text);
    }

    @Test
    void edgeCasesComeBack() {
        for (String text : List.of("", "\uD800", "\uDFFF", "\uDC00\uD800", "a\uD83D", "\uD83Da\uDE42", "\uDE42\uD83D\uDE42", "\u0000\uFFFF")) {
            assertThat(ByteTokenizer.of().decode(ByteTokenizer.of().encode(text))).isEqualTo(text);
            assertThat(BPE.decode(BPE.encode(text))).isEqualTo(text);
        }
        assertThat(ByteTokenizer.of().encode("\uD800").toInts()).containsExactly(0xED, 0xA0, 0x80);
        assertThat(ByteTokenizer.of().decode(Tensor.of(new long[] {0xF0, 0x9F, 0x61}))).isEqualTo("\uFFFDa");
    }

    @Test
    void pairsAreThoseOfARecountAtEachStep() {
        List<BpeTokenizer.Merge> expected = new ArrayList<>();
        for (JsonElement pair : FIXTURE.getAsJsonArray("merges")) expected.add(new BpeTokenizer.Merge(pair.getAsJsonArray().get(0).getAsInt(), pair.getAsJsonArray().get(1).getAsInt()));
        assertThat(BPE.merges()).containsExactlyElementsOf(expected);
        assertThat(BpeTokenizer.train(TEXT, 270).merges()).containsExactlyElementsOf(expected.subList(0, 14));
        assertThat(BpeTokenizer.of(expected)).isEqualTo(BPE).hasSameHashCodeAs(BPE);
    }

    @Test
    void encodingsAreThoseOfHuggingFacesTokenizers() {
        for (JsonElement e : FIXTURE.getAsJsonArray("encodings")) {
            JsonArray tokens = e.getAsJsonObject().getAsJsonArray("tokens");
            long[] expected = Stream.iterate(0, i -> i < tokens.size(), i -> i + 1).mapToLong(i -> tokens.get(i).getAsLong()).toArray();
            assertThat(BPE.encode(e.getAsJsonObject().get("text").getAsString()).toLongs()).containsExactly(expected);
        }
    }

    @Test
    void aNovelShrinksToLessThanHalfItsBytes() {
        String novel = Datasets.mobyDick().text();
        BpeTokenizer bpe = BpeTokenizer.train(novel, 512);
        assertThat(bpe.size()).isEqualTo(512);
        Tensor tokens = bpe.encode(novel);
        assertThat(tokens.size()).isLessThan(novel.getBytes(StandardCharsets.UTF_8).length / 2);
        assertThat(bpe.decode(tokens)).isEqualTo(novel);
    }

    @Test
    void wrongTokensAndPairsAreQuoted() {
        assertThatThrownBy(() -> ByteTokenizer.of().decode(Tensor.of(new long[] {256}))).hasMessageContaining("token 256");
        assertThatThrownBy(() -> BPE.decode(Tensor.of(new long[] {-1}))).hasMessageContaining("token -1").hasMessageContaining("0 to " + (BPE.size() - 1));
        assertThatThrownBy(() -> BpeTokenizer.train("a", 100)).hasMessageContaining("size is 100");
        assertThatThrownBy(() -> BpeTokenizer.of(List.of(new BpeTokenizer.Merge(1, 256)))).hasMessageContaining("256 joins 1 and 256");
        assertThatThrownBy(() -> BpeTokenizer.of(List.of(new BpeTokenizer.Merge(1, 2), new BpeTokenizer.Merge(1, 2)))).hasMessageContaining("257 joins 1 and 2");
    }
}
