package lemma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lemma.tensor.Threads;
import org.junit.jupiter.api.Test;

class LemmaTest {
    @Test
    void theNumberOfThreadsHoldsUntilSetAgain() {
        int before = Lemma.threads();
        try {
            Lemma.threads(3);
            assertThat(Lemma.threads()).isEqualTo(3);
            int inside = Threads.with(2, () -> Lemma.threads());
            assertThat(inside).isEqualTo(2);
            assertThat(Lemma.threads()).isEqualTo(3);
        } finally {
            Lemma.threads(before);
        }
    }

    @Test
    void badNumbersAreNamed() {
        assertThatThrownBy(() -> Lemma.threads(0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("0 threads");
        assertThatThrownBy(() -> Lemma.threads(257)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("257");
    }
}
