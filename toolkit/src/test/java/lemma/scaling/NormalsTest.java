package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NormalsTest {
    @Test
    void moreRowsBeginWithTheSameRows() {
        double[] few = Normals.matrix(5, 3, 7).toDoubles();
        assertThat(Normals.matrix(5, 30, 7).narrow(0, 0, 3).toDoubles()).isEqualTo(few);
        assertThat(Normals.matrix(6, 3, 7).toDoubles()).isNotEqualTo(few);
    }
}
