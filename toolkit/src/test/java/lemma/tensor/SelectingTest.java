package lemma.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Rearranging, selecting and contracting against loops over indices, at shapes drawn at random, empty and of length one among them. */
class SelectingTest {
    /** A strided view of numbers without ties: every second element of a transposed tensor. */
    private static Tensor sample(int... shape) {
        Tensor flat = Random.seed(Arrays.hashCode(shape)).normal(Shape.of(shape), DType.FLOAT64);
        int[] reversed = IntStream.range(0, shape.length).map(i -> shape.length - 1 - i).toArray();
        Tensor turned = flat.permute(reversed).contiguous();
        return Tensor.stack(List.of(turned, turned.zerosLike()), -1).narrow(-1, 0, 1).squeeze(-1).permute(reversed);
    }

    private static double at(Tensor t, int... index) {
        double[] all = t.toDoubles();
        long flat = 0;
        for (int i = 0; i < index.length; i++) flat = flat * t.dim(i) + index[i];
        return all[(int) flat];
    }

    @Property(tries = 60)
    void einsumIsTheSumOverIndices(@ForAll @IntRange(max = 3) int b, @ForAll @IntRange(max = 3) int i, @ForAll @IntRange(max = 3) int j, @ForAll @IntRange(min = 1, max = 3) int k) {
        Tensor x = sample(b, i, j);
        Tensor y = sample(j, b, k);
        Tensor z = sample(k, k);
        Tensor out = Tensor.einsum("bij,jbk,kk->kib", x, y, z);
        assertThat(out.shape()).isEqualTo(Shape.of(k, i, b));
        for (int kk = 0; kk < k; kk++) {
            for (int ii = 0; ii < i; ii++) {
                for (int bb = 0; bb < b; bb++) {
                    double sum = 0;
                    for (int jj = 0; jj < j; jj++) sum += at(x, bb, ii, jj) * at(y, jj, bb, kk) * at(z, kk, kk);
                    assertThat(at(out, kk, ii, bb)).isCloseTo(sum, within(1e-12));
                }
            }
        }
    }

    @Property(tries = 60)
    void rollingTurningAndFlippingMoveElementsByTheirIndices(@ForAll @IntRange(max = 4) int rows, @ForAll @IntRange(max = 4) int columns, @ForAll @IntRange(min = -9, max = 9) int shift) {
        Tensor x = sample(rows, columns);
        Tensor rolled = x.roll(shift, 1);
        Tensor flipped = x.flip(0, 1);
        Tensor turned = x.rot90(1, 0, 1);
        assertThat(turned.shape()).isEqualTo(Shape.of(columns, rows));
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                assertThat(at(rolled, i, Math.floorMod(j + shift, columns))).isEqualTo(at(x, i, j));
                assertThat(at(flipped, rows - 1 - i, columns - 1 - j)).isEqualTo(at(x, i, j));
                assertThat(at(turned, columns - 1 - j, i)).isEqualTo(at(x, i, j));
            }
        }
    }

    @Property(tries = 60)
    void repeatingNamesEachElementByItsRemainder(@ForAll @IntRange(max = 3) int rows, @ForAll @IntRange(max = 3) int columns, @ForAll @IntRange(max = 3) int a, @ForAll @IntRange(max = 3) int b) {
        Tensor x = sample(rows, columns);
        Tensor tiled = x.repeat(a, b);
        Tensor stretched = x.repeatInterleave(b, 1);
        assertThat(tiled.shape()).isEqualTo(Shape.of(a * rows, b * columns));
        assertThat(stretched.shape()).isEqualTo(Shape.of(rows, b * columns));
        for (int i = 0; i < a * rows; i++) for (int j = 0; j < b * columns; j++) assertThat(at(tiled, i, j)).isEqualTo(at(x, i % rows, j % columns));
        for (int i = 0; i < rows; i++) for (int j = 0; j < b * columns; j++) assertThat(at(stretched, i, j)).isEqualTo(at(x, i, j / b));
    }

    @Property(tries = 60)
    void diagonalsHoldTheElementsOnThem(@ForAll @IntRange(max = 4) int rows, @ForAll @IntRange(max = 4) int columns, @ForAll @IntRange(min = -5, max = 5) int offset) {
        Tensor x = sample(2, rows, columns);
        Tensor d = x.diagonal(offset, 1, 2);
        int n = 0;
        for (int i = 0; i < rows; i++) {
            int j = i + offset;
            if (j < 0 || j >= columns) continue;
            for (int b = 0; b < 2; b++) assertThat(at(d, b, n)).isEqualTo(at(x, b, i, j));
            n++;
        }
        assertThat(d.shape()).isEqualTo(Shape.of(2, n));
    }

    @Property(tries = 60)
    void reshapingAnyViewKeepsTheOrder(@ForAll @IntRange(min = 1, max = 3) int a, @ForAll @IntRange(min = 1, max = 3) int b, @ForAll @IntRange(min = 1, max = 3) int c) {
        Tensor x = sample(a, 1, b, c);
        for (Tensor view : List.of(x, x.transpose(0, 2), x.permute(3, 1, 0, 2), x.expand(2, a, 1, b, c))) {
            double[] expected = view.contiguous().toDoubles();
            assertThat(view.reshape(-1).toDoubles()).containsExactly(expected);
            assertThat(view.reshape(1, -1, 1, c, 1).toDoubles()).containsExactly(expected);
            assertThat(view.reshape(b, 1, -1).toDoubles()).containsExactly(expected);
        }
    }

    @Property(tries = 40)
    void scatteringKeepsTheLastOfEachPlace(@ForAll @Size(max = 12) List<@IntRange(max = 4) Integer> places) {
        Tensor x = sample(5);
        Tensor source = sample(places.size());
        Map<Integer, Double> last = new HashMap<>();
        double[] sums = x.toDoubles();
        for (int i = 0; i < places.size(); i++) {
            last.put(places.get(i), at(source, i));
            sums[places.get(i)] += at(source, i);
        }
        Tensor index = Tensor.of(places.stream().mapToLong(i -> i).toArray());
        double[] expected = x.toDoubles();
        last.forEach((i, v) -> expected[i] = v);
        assertThat(x.scatter(0, index, source).toDoubles()).containsExactly(expected);
        assertThat(x.indexPut(new Tensor[] {index.sub(5)}, source, false).toDoubles()).containsExactly(expected);
        assertThat(x.indexPut(new Tensor[] {index}, source, true).toDoubles()).containsExactly(sums, within(1e-12));
        assertThat(x.indexAdd(0, index, source).toDoubles()).containsExactly(sums, within(1e-12));
    }

    @Property(tries = 40)
    void uniqueCountsWhatIsThere(@ForAll @Size(max = 20) List<@IntRange(min = -3, max = 3) Integer> numbers) {
        TreeMap<Long, Long> counts = new TreeMap<>();
        for (int n : numbers) counts.merge((long) n, 1L, Long::sum);
        long[] raw = numbers.stream().mapToLong(i -> i).toArray();
        for (DType type : List.of(DType.INT64, DType.INT32, DType.FLOAT32)) {
            Tensor x = Tensor.of(raw).to(type);
            Tensor.Unique u = x.unique();
            assertThat(u.values().dtype()).isEqualTo(type);
            assertThat(u.values().toLongs()).containsExactly(counts.keySet().stream().mapToLong(v -> v).toArray());
            assertThat(u.counts().toLongs()).containsExactly(counts.values().stream().mapToLong(v -> v).toArray());
            assertThat(u.values().get(u.inverse()).toLongs()).containsExactly(raw);
        }
        long[] shifted = LongStream.of(raw).map(v -> v + 3).toArray();
        long[] bins = Tensor.of(shifted).bincount(9).toLongs();
        for (int v = 0; v < 9; v++) assertThat(bins[v]).isEqualTo(counts.getOrDefault(v - 3L, 0L));
    }

    @Property(tries = 40)
    void searchingCountsWhatLiesBefore(@ForAll @Size(max = 10) List<@IntRange(min = -4, max = 4) Integer> numbers, @ForAll @IntRange(min = -5, max = 5) int value) {
        long[] sorted = numbers.stream().mapToLong(i -> i).sorted().toArray();
        for (boolean right : new boolean[] {false, true}) {
            LongPredicate before = right ? v -> v <= value : v -> v < value;
            long expected = LongStream.of(sorted).filter(before).count();
            assertThat(Tensor.of(sorted).searchSorted(Tensor.of(new long[] {value}), right).toLongs()).containsExactly(expected);
            assertThat(Tensor.of(new float[] {value}).bucketize(Tensor.of(sorted).to(DType.FLOAT32), right).toLongs()).containsExactly(expected);
        }
    }

    @Test
    void integersAndBooleansKeepTheirTypes() {
        Tensor i = Tensor.of(new long[] {7, -7, 9_007_199_254_740_995L, -1});
        assertThat(i.floorDivide(2).toLongs()).containsExactly(3, -4, 4_503_599_627_370_497L, -1);
        assertThat(i.fmod(Tensor.of(new long[] {4, 4, 10, 5})).toLongs()).containsExactly(3, -3, 5, -1);
        assertThat(i.cumprod(0).toLongs()).containsExactly(7, -49, -49 * 9_007_199_254_740_995L, 49 * 9_007_199_254_740_995L);
        assertThat(i.cummax(0).dtype()).isEqualTo(DType.INT64);
        assertThat(Tensor.of(new boolean[] {true, false, false}).diff(1, 0).toBooleans()).containsExactly(true, false);
        assertThat(Tensor.of(new int[] {1, 2, 3, 4}, 2, 2).kron(Tensor.of(new int[] {1, 10})).toInts()).containsExactly(1, 10, 2, 20, 3, 30, 4, 40);
        assertThat(Tensor.einsum("ij,j->i", Tensor.of(new long[] {1, 2, 3, 4}, 2, 2), Tensor.of(new long[] {10, 1})).toLongs()).containsExactly(12, 34);
        assertThat(Tensor.of(new long[] {3, 1, 4, 2}).median().item()).isEqualTo(2);
    }

    @Test
    void emptyTensorsGiveEmptyResults() {
        Tensor none = Tensor.zeros(0, 3);
        assertThat(none.nonzero().shape()).isEqualTo(Shape.of(0, 2));
        assertThat(none.unique().values().shape()).isEqualTo(Shape.of(0));
        assertThat(none.cumprod(0).shape()).isEqualTo(none.shape());
        assertThat(none.cummax(1).shape()).isEqualTo(none.shape());
        assertThat(none.logcumsumexp(0).shape()).isEqualTo(none.shape());
        assertThat(none.roll(2, 0).shape()).isEqualTo(none.shape());
        assertThat(none.split(2, 0)).hasSize(1);
        assertThat(none.chunk(3, 0)).hasSize(3);
        assertThat(none.unbind(0)).isEmpty();
        assertThat(none.diff(1, 0).shape()).isEqualTo(none.shape());
        assertThat(none.get(Tensor.of(new long[0])).shape()).isEqualTo(none.shape());
        assertThat(none.maskedSelect(none.gt(0)).shape()).isEqualTo(Shape.of(0));
        assertThat(none.vectorNorm(2, 0).toDoubles()).containsExactly(0, 0, 0);
        assertThat(none.searchSorted(Tensor.zeros(0, 2), false).shape()).isEqualTo(Shape.of(0, 2));
        assertThat(Tensor.zeros(3, 0).searchSorted(Tensor.zeros(3, 2), true).toLongs()).containsOnly(0);
        assertThat(Tensor.zeros(0).to(DType.INT64).bincount(2).toLongs()).containsExactly(0, 0);
        assertThat(Tensor.zeros(2, 3).scatter(1, Tensor.of(new long[0], 2, 0), Tensor.zeros(2, 0)).shape()).isEqualTo(Shape.of(2, 3));
        assertThat(Tensor.einsum("ij,jk->ik", Tensor.zeros(2, 0), Tensor.zeros(0, 3)).toDoubles()).containsOnly(0).hasSize(6);
    }

    @Test
    void errorsQuoteWhatDoesNotFit() {
        Tensor x = Tensor.zeros(2, 3);
        assertThatThrownBy(() -> Tensor.einsum("ij,jk->ik", x, x)).hasMessageContaining("'j'").hasMessageContaining("3 and 2").hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> Tensor.einsum("ij->k", x)).hasMessageContaining("'k' in the output");
        assertThatThrownBy(() -> Tensor.einsum("ijk->k", x)).hasMessageContaining("'ijk'").hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> Tensor.einsum("ij", x, x)).hasMessageContaining("1 operands, 2 are given");
        assertThatThrownBy(() -> Tensor.einsum("ij1->i", x)).hasMessageContaining("'1'");
        assertThatThrownBy(() -> Tensor.einsum("ii->i", x)).hasMessageContaining("differ in length");
        assertThatThrownBy(() -> x.repeat(2)).hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> x.split(new int[] {1, 1}, 1)).hasMessageContaining("[1, 1]").hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> x.flip(0, -2)).hasMessageContaining("named twice");
        assertThatThrownBy(() -> x.diagonal(0, 1, -1)).hasMessageContaining("are the same");
        assertThatThrownBy(() -> x.get(Tensor.of(new long[] {0, -3}))).isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("index -3").hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> x.get(x)).hasMessageContaining("FLOAT32");
        assertThatThrownBy(() -> x.get(Tensor.of(new boolean[] {true, false, true}))).hasMessageContaining("[3]").hasMessageContaining("[2, 3]");
        assertThatThrownBy(() -> x.scatter(1, Tensor.of(new long[] {3, 0}, 2, 1), 1)).isInstanceOf(IndexOutOfBoundsException.class).hasMessageContaining("scatter").hasMessageContaining("3");
        assertThatThrownBy(() -> x.maskedSelect(x)).hasMessageContaining("expected BOOL");
        assertThatThrownBy(() -> x.quantile(1.5, 0)).hasMessageContaining("1.5");
        assertThatThrownBy(() -> Tensor.zeros(0, 3).median(0)).hasMessageContaining("[0, 3]");
        assertThatThrownBy(() -> Tensor.of(new long[] {1, -2}).bincount(0)).hasMessageContaining("-2");
        assertThatThrownBy(() -> x.histc(0, 0, 1)).hasMessageContaining("bins is 0");
        assertThatThrownBy(() -> x.searchSorted(Tensor.zeros(3, 3), false)).hasMessageContaining("[3, 3]");
        assertThatThrownBy(() -> Tensor.of(new long[] {1}).floorDivide(0)).isInstanceOf(ArithmeticException.class).hasMessageContaining("floorDivide");
        assertThatThrownBy(() -> x.repeatInterleave(Tensor.of(new long[] {1, -1}), 0)).hasMessageContaining("-1");
        assertThatThrownBy(() -> x.indexAdd(0, Tensor.of(new long[] {1}), x)).hasMessageContaining("[2, 3]");
    }
}
