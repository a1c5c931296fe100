package lemma.kernel;

import java.util.Map;
import java.util.function.Consumer;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/** Gives JShell an {@link Execution} and the engine a hand on it. */
final class ExecutionProvider implements ExecutionControlProvider {
    private final Consumer<Execution> made;

    ExecutionProvider(Consumer<Execution> made) {
        this.made = made;
    }

    @Override
    public String name() {
        return "lemma";
    }

    @Override
    public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
        Execution execution = new Execution();
        made.accept(execution);
        return execution;
    }
}
