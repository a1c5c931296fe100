package lemma.tensor;

import java.util.ArrayList;
import java.util.List;

/** What {@link MemoryBudgetTest} runs in a process of its own with a small budget. */
final class MemoryBudgetProgram {
    private MemoryBudgetProgram() {}

    public static void main(String[] args) {
        System.out.println("budget " + MemoryPool.budget());
        double total = 0;
        for (int i = 0; i < 300; i++) total += Tensor.full(Shape.of(1000, 1000), DType.FLOAT32, 1).add(1).get(0, 0).item();
        System.out.println("temporaries " + total);
        List<Tensor> held = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) held.add(Tensor.full(Shape.of(i == 0 ? 2000 : 1000, 1000), DType.FLOAT32, 1));
            System.out.println("no error");
        } catch (TensorMemoryException e) {
            System.out.println("held " + held.size());
            System.out.println("error " + e.getMessage());
        }
        held.clear();
        System.out.println("after " + Tensor.full(Shape.of(3000, 1000), DType.FLOAT32, 1).get(0, 0).item());
    }
}
