package lemma.kernel;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import lemma.display.Bundle;
import lemma.plot.Figure;
import lemma.train.History;

/** The history of a training as curves over the steps: the losses in one panel, every other measure in one of its own. */
final class Histories {
    private static final String LOSS = "loss";
    private static final String RATE = "learning_rate";

    private Histories() {}

    static Bundle render(Object value) {
        History history = (History) value;
        List<Figure> panels = new ArrayList<>(List.of(losses(history)));
        Set<String> others = new LinkedHashSet<>();
        history.evaluations().forEach(evaluation -> others.addAll(evaluation.values().keySet()));
        others.removeIf(name -> name.equals(LOSS) || name.equals("val_" + LOSS) || name.equals(RATE) && isConstant(history));
        for (String name : others) panels.add(curve(Figure.of("").x("step").y(name), "", history, name));
        Figure figure = panels.size() == 1 ? panels.getFirst() : Figure.grid("training", Math.min(panels.size(), 2), panels.toArray(Figure[]::new));
        return figure.bundle().with(Bundle.TEXT, text(history));
    }

    private static Figure losses(History history) {
        Figure figure = Figure.of("").x("step").y("loss");
        double[] losses = history.losses();
        long first = history.steps() - losses.length + 1;
        if (losses.length > 0) figure = figure.line("each step", IntStream.range(0, losses.length).mapToDouble(i -> first + i).toArray(), losses);
        return curve(figure, "validation", history, "val_" + LOSS);
    }

    private static boolean isConstant(History history) {
        return history.evaluations().stream().map(evaluation -> evaluation.values().get(RATE)).distinct().count() < 2;
    }

    private static Figure curve(Figure figure, String label, History history, String name) {
        List<History.Evaluation> known = history.evaluations().stream().filter(evaluation -> evaluation.values().containsKey(name)).toList();
        if (known.isEmpty()) return figure;
        return figure.line(label, known.stream().mapToDouble(History.Evaluation::step).toArray(),
                known.stream().mapToDouble(evaluation -> evaluation.values().get(name)).toArray());
    }

    private static String text(History history) {
        return String.format(java.util.Locale.ROOT, "%,d steps in %.1f s%n", history.steps(), history.seconds()) + history.table().print(20);
    }
}
