package lemma.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NormalsTest {
    @Test
    void moreRowsBeginWithTheSameRows() {
        double[][] few = Normals.matrix(5, 3, 7);
        double[][] many = Normals.matrix(5, 30, 7);
        for (int i = 0; i < 3; i++) assertThat(many[i]).isEqualTo(few[i]);
        assertThat(Normals.matrix(6, 3, 7)[0]).isNotEqualTo(few[0]);
    }
}
