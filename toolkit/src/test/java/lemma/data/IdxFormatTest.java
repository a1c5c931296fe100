package lemma.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Against files written by hand from the format's description. */
class IdxFormatTest {
    @Test
    void unsignedBytesInTwoAxes() throws IOException {
        Elements read = read("00000802 00000002 00000003 00 01 02 7f 80 ff");
        assertThat(read.shape()).containsExactly(2, 3);
        assertThat((byte[]) read.values()).containsExactly(0, 1, 2, 0x7f, 0x80, 0xff);
    }

    @Test
    void theOtherTypes() throws IOException {
        assertThat((int[]) read("00000901 00000002 01 ff").values()).containsExactly(1, -1);
        assertThat((int[]) read("00000b01 00000002 0102 fffe").values()).containsExactly(0x102, -2);
        assertThat((int[]) read("00000c01 00000001 fffffffd").values()).containsExactly(-3);
        assertThat((float[]) read("00000d01 00000001 3fc00000").values()).containsExactly(1.5f);
        assertThat((double[]) read("00000e01 00000001 bff8000000000000").values()).containsExactly(-1.5);
    }

    @Test
    void aPackedFileIsUnpacked() throws IOException {
        byte[] plain = bytes("00000801 00000003 01 02 03");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        assertThat((byte[]) IdxFormat.read("x", packed.toByteArray()).values()).containsExactly(1, 2, 3);
        byte[] cut = Arrays.copyOf(packed.toByteArray(), packed.size() - 9);
        assertThatThrownBy(() -> IdxFormat.read("x", cut)).isInstanceOf(IOException.class).hasMessageStartingWith("x: the gzip data are damaged");
    }

    @Test
    void damagedFilesAreErrors() {
        assertThatThrownBy(() -> read("00000801 00000003 01 02")).isInstanceOf(IOException.class)
                .hasMessage("x: shape [3] of 1-byte elements does not fit the 2 bytes after the header");
        assertThatThrownBy(() -> read("00000801 00000002 01 02 03")).hasMessageContaining("does not fit the 3 bytes");
        assertThatThrownBy(() -> read("00000801 ffffffff 01")).hasMessageContaining("does not fit");
        assertThatThrownBy(() -> read("00000804 7fffffff 7fffffff 7fffffff 7fffffff")).hasMessageContaining("overflows");
        assertThatThrownBy(() -> read("000008ff 00000001")).hasMessageContaining("claims 255 axes");
        assertThatThrownBy(() -> read("00000a01 00000001 00")).hasMessageContaining("IDX type 0xa");
        assertThatThrownBy(() -> read("50000801 00000001 00")).hasMessageContaining("not an IDX file");
        assertThatThrownBy(() -> read("0000")).hasMessageContaining("not an IDX file");
    }

    private static Elements read(String hex) throws IOException {
        return IdxFormat.read("x", bytes(hex));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
