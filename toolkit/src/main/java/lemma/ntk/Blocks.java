package lemma.ntk;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import lemma.tensor.Scope;
import lemma.tensor.Tensor;
import lemma.tensor.Threads;

/** Kernels put together from blocks of pairs of examples, which are computed at once on several threads. */
final class Blocks {
    private Blocks() {}

    /** The block whose first pair is (i, j). */
    @FunctionalInterface
    interface Block {
        NetworkKernel at(int i, int j);
    }

    /** All n1 x n2 pairs in blocks of {@code side} x {@code side}. */
    static NetworkKernel of(int n1, int n2, int side, Block block) {
        int columns = (n2 + side - 1) / side;
        int rows = (n1 + side - 1) / side;
        return joined(each(rows * columns, b -> block.at(b / columns * side, b % columns * side)), columns);
    }

    /** All n x n pairs of one set: blocks on and above the diagonal, and their mirror images. */
    static NetworkKernel symmetric(int n, int side, Block block, UnaryOperator<Tensor> mirror) {
        int count = (n + side - 1) / side;
        List<int[]> places = new ArrayList<>();
        for (int i = 0; i < count; i++) for (int j = i; j < count; j++) places.add(new int[] {i, j});
        List<NetworkKernel> upper = each(places.size(), b -> {
            int[] p = places.get(b);
            NetworkKernel k = block.at(p[0] * side, p[1] * side);
            return p[0] == p[1] ? mean(k, mirrored(k, mirror)) : k;
        });
        NetworkKernel[] all = new NetworkKernel[count * count];
        for (int b = 0; b < upper.size(); b++) {
            int[] p = places.get(b);
            all[p[1] * count + p[0]] = mirrored(upper.get(b), mirror);
            all[p[0] * count + p[1]] = upper.get(b);
        }
        return joined(List.of(all), count);
    }

    private static NetworkKernel mirrored(NetworkKernel k, UnaryOperator<Tensor> mirror) {
        return new NetworkKernel(mirror.apply(k.nngp()), mirror.apply(k.ntk()));
    }

    private static NetworkKernel mean(NetworkKernel a, NetworkKernel b) {
        return new NetworkKernel(a.nngp().add(b.nngp()).mul(0.5), a.ntk().add(b.ntk()).mul(0.5));
    }

    private static NetworkKernel joined(List<NetworkKernel> blocks, int columns) {
        List<NetworkKernel> rows = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i += columns) rows.add(concat(blocks.subList(i, i + columns), 1));
        return concat(rows, 0);
    }

    static NetworkKernel concat(List<NetworkKernel> parts, int axis) {
        if (parts.size() == 1) return parts.getFirst();
        return new NetworkKernel(Tensor.concat(parts.stream().map(NetworkKernel::nngp).toList(), axis), Tensor.concat(parts.stream().map(NetworkKernel::ntk).toList(), axis));
    }

    /** {@code work} of 0 to n - 1, each on a thread of its own with its loops; of a single one the loops use all threads. */
    static <T> List<T> each(int n, IntFunction<T> work) {
        int threads = Math.min(n, Threads.count());
        if (threads == 1) return IntStream.range(0, n).mapToObj(i -> Scope.run(() -> work.apply(i))).toList();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<T>> running = IntStream.range(0, n).mapToObj(i -> pool.submit(() -> Threads.alone(() -> Scope.run(() -> work.apply(i))))).toList();
            List<T> results = new ArrayList<>();
            for (Future<T> f : running) results.add(f.get());
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Kernels: interrupted", e);
        }
    }
}
