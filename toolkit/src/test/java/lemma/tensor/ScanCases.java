package lemma.tensor;

import java.util.List;
import java.util.function.BinaryOperator;
import lemma.linalg.Scan;

/** The functions of scan_fixtures.py. */
final class ScanCases extends TorchCases.Suite {
    private static final BinaryOperator<List<Tensor>> LINEAR = (p, q) -> List.of(q.get(0).mul(p.get(0)), q.get(0).mul(p.get(1)).add(q.get(1)));

    ScanCases() {
        super("scan-fixtures.json");
        two("linearRecurrence", (a, b) -> Scan.linearRecurrence(a, b, 1));
        two("linearRecurrenceWide", (a, b) -> Scan.linearRecurrence(a, b, 0));
        two("linearRecurrenceLast", (a, b) -> Scan.linearRecurrence(a, b, -1));
        two("linearRecurrenceReverse", (a, b) -> Scan.linearRecurrence(a, b, 1, true));
        two("linearRecurrenceBroadcast", (a, b) -> Scan.linearRecurrence(a, b, 0));
        many("linearRecurrenceFrom", x -> Scan.linearRecurrence(x[0], x[1], x[2], 1));
        two("linearRecurrenceOfOne", (a, b) -> Scan.linearRecurrence(a, b, 0));
        two("associativeScan", (a, b) -> Scan.associativeScan(LINEAR, List.of(a, b), 1).get(1));
        two("associativeScanEven", (a, b) -> Scan.associativeScan(LINEAR, List.of(a, b), 0).get(1));
        two("associativeScanReverse", (a, b) -> Scan.associativeScan(LINEAR, List.of(a, b), 1, true).get(1));
    }
}
