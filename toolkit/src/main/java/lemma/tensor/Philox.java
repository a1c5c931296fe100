package lemma.tensor;

/**
 * The counter-based generator Philox 4x32 with ten rounds: block b of a stream is a function of (key, b) alone.
 *
 * @see <a href="https://doi.org/10.1145/2063384.2063405">Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3</a>
 */
final class Philox {
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;
    private static final long WORD = 0xFFFFFFFFL;

    private Philox() {}

    /** Encrypts the four words of {@code block} in place under the key (k0, k1). */
    static void encrypt(int[] block, int k0, int k1) {
        int c0 = block[0];
        int c1 = block[1];
        int c2 = block[2];
        int c3 = block[3];
        for (int r = 0; r < ROUNDS; r++) {
            long p0 = MULTIPLIER_0 * (c0 & WORD);
            long p1 = MULTIPLIER_1 * (c2 & WORD);
            c0 = (int) (p1 >>> 32) ^ c1 ^ (k0 + r * WEYL_0);
            c1 = (int) p1;
            c2 = (int) (p0 >>> 32) ^ c3 ^ (k1 + r * WEYL_1);
            c3 = (int) p0;
        }
        block[0] = c0;
        block[1] = c1;
        block[2] = c2;
        block[3] = c3;
    }

    /** The four words of block {@code index} of the stream {@code key}. */
    static void block(long key, long index, int[] out) {
        out[0] = (int) index;
        out[1] = (int) (index >>> 32);
        out[2] = 0;
        out[3] = 0;
        encrypt(out, (int) key, (int) (key >>> 32));
    }
}
