package lemma.data;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import lemma.tensor.Tensor;

/**
 * Byte-pair encoding: tokens 0 to 255 are bytes, each later one is a pair of earlier ones. Training joins the pair that occurs most often in the text, again and
 * again; of equally frequent ones that of the smaller first, then second, token. Encoding joins pairs in the order in which they were learnt.
 *
 * <p>No token reaches beyond a piece of the text: a run of letters, of digits or of other signs, each with the space before it if there is one, or a run of white
 * space. Every text has an encoding, and decoding gives it back, surrogates without a partner included. Bytes that are no UTF-8 decode to U+FFFD.
 *
 * <pre>{@code
 * BpeTokenizer bpe = BpeTokenizer.train(text, 512);
 * Tensor tokens = bpe.encode("to be or not to be");
 * }</pre>
 *
 * @see <a href="https://aclanthology.org/P16-1162">Sennrich, Haddow, Birch (2016), Neural machine translation of rare words with subword units, algorithm 1</a>
 */
public final class BpeTokenizer implements Tokenizer {
    private static final Pattern PIECE = Pattern.compile(" ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+");
    private static final int BYTES = 256;

    /** Two tokens that became one. */
    public record Merge(int first, int second) {}

    private final List<Merge> merges;
    private final Map<Merge, Integer> ranks = new HashMap<>();
    private final List<byte[]> spelling = new ArrayList<>();

    private BpeTokenizer(List<Merge> merges) {
        this.merges = List.copyOf(merges);
        for (int b = 0; b < BYTES; b++) spelling.add(new byte[] {(byte) b});
        for (Merge m : merges) {
            int token = spelling.size();
            if (m.first < 0 || m.second < 0 || m.first >= token || m.second >= token) throw new IllegalArgumentException("BpeTokenizer: token " + token + " joins " + m.first + " and " + m.second + ", expected earlier tokens");
            if (ranks.put(m, token) != null) throw new IllegalArgumentException("BpeTokenizer: token " + token + " joins " + m.first + " and " + m.second + ", as an earlier one does");
            byte[] joined = Arrays.copyOf(spelling.get(m.first), spelling.get(m.first).length + spelling.get(m.second).length);
            System.arraycopy(spelling.get(m.second), 0, joined, spelling.get(m.first).length, spelling.get(m.second).length);
            spelling.add(joined);
        }
    }

    /** The tokenizer whose token 256 + i is the pair i. */
    public static BpeTokenizer of(List<Merge> merges) {
        return new BpeTokenizer(merges);
    }

    /**
     * Learns pairs from {@code text} until there are {@code size} tokens or no pair occurs twice.
     *
     * @throws IllegalArgumentException if size is below 256
     */
    public static BpeTokenizer train(String text, int size) {
        if (size < BYTES) throw new IllegalArgumentException("BpeTokenizer: size is " + size + ", expected at least the 256 bytes");
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String piece : pieces(text)) counts.merge(piece, 1L, Long::sum);
        List<int[]> words = new ArrayList<>();
        counts.keySet().forEach(piece -> words.add(bytesOf(piece)));
        long[] times = counts.values().stream().mapToLong(n -> n).toArray();
        Map<Merge, Long> pairs = new HashMap<>();
        for (int w = 0; w < times.length; w++) count(words.get(w), times[w], pairs);
        List<Merge> merges = new ArrayList<>();
        while (BYTES + merges.size() < size) {
            Merge best = mostFrequent(pairs);
            if (best == null) break;
            for (int w = 0; w < times.length; w++) {
                int[] joined = join(words.get(w), best, BYTES + merges.size());
                if (joined.length == words.get(w).length) continue;
                count(words.get(w), -times[w], pairs);
                count(joined, times[w], pairs);
                words.set(w, joined);
            }
            merges.add(best);
        }
        return new BpeTokenizer(merges);
    }

    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        Matcher piece = PIECE.matcher(text);
        while (piece.find()) pieces.add(piece.group());
        return pieces;
    }

    private static int[] bytesOf(String piece) {
        byte[] bytes = Utf8.encode(piece);
        return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xFF).toArray();
    }

    private static void count(int[] word, long times, Map<Merge, Long> pairs) {
        for (int i = 1; i < word.length; i++) pairs.merge(new Merge(word[i - 1], word[i]), times, (a, b) -> a + b == 0 ? null : a + b);
    }

    private static Merge mostFrequent(Map<Merge, Long> pairs) {
        Merge best = null;
        long most = 1;
        for (var e : pairs.entrySet()) {
            long n = e.getValue();
            if (n > most || n == most && best != null && isBefore(e.getKey(), best)) {
                best = e.getKey();
                most = n;
            }
        }
        return best;
    }

    private static boolean isBefore(Merge a, Merge b) {
        return a.first < b.first || a.first == b.first && a.second < b.second;
    }

    /** {@code word} with {@code token} for every such pair, from the left. */
    private static int[] join(int[] word, Merge pair, int token) {
        int[] joined = new int[word.length];
        int n = 0;
        for (int i = 0; i < word.length; i++) {
            boolean here = i + 1 < word.length && word[i] == pair.first && word[i + 1] == pair.second;
            joined[n++] = here ? token : word[i];
            if (here) i++;
        }
        return n == word.length ? word : Arrays.copyOf(joined, n);
    }

    /** The pairs, in the order in which they were learnt. */
    public List<Merge> merges() {
        return merges;
    }

    @Override
    public int size() {
        return spelling.size();
    }

    @Override
    public Tensor encode(String text) {
        Map<String, int[]> known = new HashMap<>();
        LongStream.Builder tokens = LongStream.builder();
        for (String piece : pieces(text)) {
            for (int token : known.computeIfAbsent(piece, this::tokensOf)) tokens.add(token);
        }
        return Tensor.of(tokens.build().toArray());
    }

    private int[] tokensOf(String piece) {
        int[] word = bytesOf(piece);
        while (true) {
            int first = Integer.MAX_VALUE;
            for (int i = 1; i < word.length; i++) first = Math.min(first, ranks.getOrDefault(new Merge(word[i - 1], word[i]), Integer.MAX_VALUE));
            if (first == Integer.MAX_VALUE) return word;
            word = join(word, merges.get(first - BYTES), first);
        }
    }

    /** @throws IllegalArgumentException for a token that there is not */
    @Override
    public String decode(Tensor tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : tokens.toInts()) {
            if (token < 0 || token >= size()) throw new IllegalArgumentException("BpeTokenizer: token " + token + ", expected 0 to " + (size() - 1));
            bytes.writeBytes(spelling.get(token));
        }
        return Utf8.decode(bytes.toByteArray());
    }

    /** @return equal for the same pairs in the same order */
    @Override
    public boolean equals(Object other) {
        return other instanceof BpeTokenizer o && merges.equals(o.merges);
    }

    @Override
    public int hashCode() {
        return merges.hashCode();
    }

    @Override
    public String toString() {
        return "BpeTokenizer(" + size() + " tokens)";
    }
}
