package lemma.tensor;

/** The functions of selection_fixtures.py. */
final class SelectionCases extends TorchCases.Suite {
    SelectionCases() {
        super("selection-fixtures.json");
        one("topk", x -> x.topk(3, -1).values());
        one("topkSmallest", x -> x.topk(2, 1, false).values());
        one("topkFirstAxis", x -> x.topk(2, 0).values());
        one("topkView", x -> x.t().topk(3, -1).values());
        one("topkOfAll", x -> x.topk(5, -1).values());
        one("topkIndices", x -> x.detach().topk(4, -1).indices());
        one("topkLong", x -> x.topk(7, -1).values());
        one("edge_topk", x -> x.detach().topk(4, -1).values());
        one("edge_topkSmallest", x -> x.detach().topk(6, -1, false).values());
        one("edge_topkNone", x -> x.detach().topk(0, -1).values());
        one("edge_topkEmpty", x -> x.detach().topk(2, -1).values());
    }
}
