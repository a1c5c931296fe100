package lemma.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import lemma.display.Bundle;
import lemma.display.Display;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final List<Bundle> shown = new ArrayList<>();
    private final List<Bundle> last = new ArrayList<>();
    private Display.Sink before;

    @BeforeEach
    void listen() {
        before = Display.install(new Display.Sink() {
            @Override
            public void show(String id, Bundle bundle) {
                shown.add(bundle);
            }

            @Override
            public void update(String id, Bundle bundle) {
                assertThat(shown).isNotEmpty();
            }

            @Override
            public void finish(String id, Bundle bundle) {
                last.add(bundle);
            }
        });
    }

    @AfterEach
    void restore() {
        Display.install(before);
    }

    @Test
    void endsWithWhatWasDone() {
        try (Progress bar = new Progress("training", 4)) {
            bar.at(4, "loss <1");
        }
        assertThat(shown).hasSize(1);
        assertThat(shown.getFirst().plain()).startsWith("training   0% |").containsPattern("\\| 0/4 \\[\\d\\d:\\d\\d\\]$");
        assertThat(last).singleElement().satisfies(end -> {
            assertThat(end.plain()).startsWith("training 100% |").containsPattern("\\| 4/4 \\[\\d\\d:\\d\\d\\] loss <1$");
            assertThat(end.data().get(Bundle.HTML).toString()).contains("<progress value=\"4\" max=\"4\"", "loss &lt;1");
        });
    }

    @Test
    void aSweepOfTrainingsIsOneLineInTheEnd() {
        try (Progress sweep = new Progress("sweep", 3)) {
            for (int run = 1; run <= 3; run++) {
                try (Progress training = new Progress("training", 5)) {
                    training.at(5, "");
                }
                sweep.at(run, "");
            }
        }
        assertThat(shown).as("one place").hasSize(1);
        assertThat(last).singleElement().satisfies(end -> assertThat(end.plain()).startsWith("sweep 100%").doesNotContain("training"));
    }

    @Test
    void aBarOfAThreadThatTheWorkStartedIsDrawnUnderIt() throws Exception {
        List<String> htmls = new ArrayList<>();
        Display.install(new Display.Sink() {
            @Override
            public void show(String id, Bundle bundle) {
                shown.add(bundle);
            }

            @Override
            public void update(String id, Bundle bundle) {
                htmls.add(bundle.data().get(Bundle.HTML).toString());
                assertThat(bundle.plain()).matches("sweep   0% .*; training 0% 0/7");
            }

            @Override
            public void finish(String id, Bundle bundle) {
                last.add(bundle);
            }
        });
        try (Progress sweep = new Progress("sweep", 2)) {
            Thread.sleep(150); // longer than the pause between two drawings
            Thread.ofPlatform().start(() -> new Progress("training", 7)).join();
        }
        assertThat(shown).hasSize(1);
        assertThat(htmls.getFirst()).contains("max=\"2\"", "<div style=\"padding-left:1.5em\">training <progress value=\"0\" max=\"7\"");
    }

    @Test
    void afterTheOuterIsClosedABarStandsAlone() {
        new Progress("first", 1).close();
        try (Progress second = new Progress("second", 1)) {
            second.at(1, "");
        }
        assertThat(last).extracting(bundle -> bundle.plain().split(" ")[0]).containsExactly("first", "second");
    }

    @Test
    void shortWorkShowsNothing() {
        try (Progress bar = Progress.ofLongWork("bootstrap", 10)) {
            bar.at(10, "");
        }
        assertThat(shown).isEmpty();
        assertThat(last).isEmpty();
    }

    @Test
    void refusesNoWork() {
        assertThatThrownBy(() -> new Progress("x", 0)).hasMessageContaining("total is 0");
    }
}
