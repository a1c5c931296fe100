package lemma.tensor;

import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/** The functions of torch_fixtures.py. */
final class CoreCases extends TorchCases.Suite {
    CoreCases() {
        super("torch-fixtures.json");
        unary();
        binary();
        reductions();
        matrices();
        indexing();
        layers();
        edges();
        logic();
        made();
        views();
    }

    private static Backend.Conv2d conv(int stride, int pad, int dilation, int groups) {
        return new Backend.Conv2d(stride, stride, pad, pad, dilation, dilation, groups);
    }

    private void unary() {
        one("neg", Tensor::neg);
        one("exp", Tensor::exp);
        one("expm1", Tensor::expm1);
        one("sin", Tensor::sin);
        one("cos", Tensor::cos);
        one("tan", Tensor::tan);
        one("asin", Tensor::asin);
        one("acos", Tensor::acos);
        one("atan", Tensor::atan);
        one("sinh", Tensor::sinh);
        one("cosh", Tensor::cosh);
        one("tanh", Tensor::tanh);
        one("erf", Tensor::erf);
        one("sigmoid", Tensor::sigmoid);
        one("square", Tensor::square);
        one("sqrt", Tensor::sqrt);
        one("rsqrt", Tensor::rsqrt);
        one("log", Tensor::log);
        one("log1p", Tensor::log1p);
        one("abs", Tensor::abs);
        one("sign", Tensor::sign);
        one("floor", Tensor::floor);
        one("ceil", Tensor::ceil);
        one("round", Tensor::round);
        one("reciprocal", Tensor::reciprocal);
        one("relu", Tensor::relu);
        one("softplus", Tensor::softplus);
        one("gelu", Tensor::gelu);
        one("geluTanh", Tensor::geluTanh);
        one("silu", Tensor::silu);
    }

    private void binary() {
        Map<String, BinaryOperator<Tensor>> pairs = Map.of("add", Tensor::add, "sub", Tensor::sub, "mul", Tensor::mul,
                "maximum", Tensor::maximum, "minimum", Tensor::minimum, "atan2", Tensor::atan2, "div", Tensor::div, "pow", Tensor::pow);
        pairs.forEach((name, f) -> {
            two(name, f);
            two(name + "_broadcast", f);
        });
        two("mod", Tensor::mod);
        one("mul_self", x -> x.mul(x));
        one("addNumber", x -> x.add(1.5));
        one("subNumber", x -> x.sub(1.5));
        one("rsubNumber", x -> x.rsub(1.5));
        one("mulNumber", x -> x.mul(-1.5));
        one("divNumber", x -> x.div(1.5));
        one("rdivNumber", x -> x.rdiv(1.5));
        one("powNumber", x -> x.pow(2.5));
        one("powTwo", x -> x.pow(2));
        one("powThree", x -> x.pow(3));
        one("powMinusTwo", x -> x.pow(-2));
        one("powZero", x -> x.pow(0));
        one("powOne", x -> x.pow(1));
        one("rpowNumber", x -> x.rpow(1.5));
        one("modNumber", x -> x.mod(0.7));
        one("maximumNumber", x -> x.maximum(0.2));
        one("minimumNumber", x -> x.minimum(0.2));
        one("clamp", x -> x.clamp(-0.5, 0.5));
        one("clampAtBounds", x -> x.clamp(-0.5, 0.5));
        many("where", x -> Tensor.where(x[0], x[1], x[2]));
        many("where_broadcast", x -> Tensor.where(x[0], x[1], x[2]));
        two("maskedFill", (x, mask) -> x.maskedFill(mask, -1.5));
    }

    private void reductions() {
        one("sum", x -> x.sum());
        one("sum1", x -> x.sum(1));
        one("sum02", x -> x.sum(0, 2));
        one("sumKeep1", x -> x.sumKeep(1));
        one("mean", x -> x.mean());
        one("mean12", x -> x.mean(-1, 1));
        one("prod", x -> x.prod());
        one("prod1", x -> x.prod(1));
        one("prodOneZero", x -> x.prod(1));
        one("prodTwoZeros", x -> x.prod(1));
        one("max", x -> x.max());
        one("max1", x -> x.max(1));
        one("min1", x -> x.min(1));
        one("maxTies", x -> x.max(1));
        one("minTies", x -> x.min(1));
        two("maximumTies", Tensor::maximum);
        two("minimumTies", Tensor::minimum);
        one("var0", x -> x.var(0, 1));
        one("var1", x -> x.var(1, 0, 2));
        one("std1", x -> x.std(1, 2));
        one("norm", x -> x.norm(1, 2));
        one("logsumexp", x -> x.logsumexp(1));
        one("cumsum0", x -> x.cumsum(0));
        one("cumsum2", x -> x.cumsum(2));
        one("softmax", x -> x.softmax(-1));
        one("softmax1", x -> x.softmax(1));
        one("logSoftmax", x -> x.logSoftmax(-1));
        one("logSoftmax0", x -> x.logSoftmax(0));
    }

    private void matrices() {
        for (String name : List.of("matmul", "matmulBatch", "matmulBroadcast", "matmulBatchMatrix", "matmulMatrixBatch", "matmulVectorMatrix", "matmulMatrixVector", "matmulVectors")) {
            two(name, Tensor::matmul);
        }
        two("matmulTransposed", (a, b) -> a.t().matmul(b.t()));
        one("tril", x -> x.tril(0));
        one("triu1", x -> x.triu(1));
        one("reshape", x -> x.reshape(4, -1));
        one("permute", x -> x.permute(2, 0, 1));
        one("transposeReshape", x -> x.transpose(0, 2).reshape(-1));
        one("expand", x -> x.expand(2, 3, 4));
        one("squeezeUnsqueeze", x -> x.squeeze(1).unsqueeze(0));
        one("slice", x -> x.get(Slice.at(1), Slice.range(0, 3, 2), Slice.from(1)));
        one("narrow", x -> x.narrow(2, 1, 3));
        one("flip", x -> x.flip(1));
        two("concat", (a, b) -> Tensor.concat(List.of(a, b), 1));
        two("stack", (a, b) -> Tensor.stack(List.of(a, b), 1));
    }

    private void indexing() {
        two("indexSelect", (x, i) -> x.indexSelect(1, i));
        two("gather", (x, i) -> x.gather(1, i));
        two("gather0", (x, i) -> x.gather(0, i));
        two("scatterAdd", (x, i) -> x.scatterAdd(1, i, Shape.of(3, 4)));
        one("sort", x -> x.sort(1, false));
        one("sortDescending0", x -> x.sort(0, true));
        two("embedding", Functional::embedding);
    }

    private void layers() {
        many("linear", x -> Functional.linear(x[0], x[1], x[2]));
        many("linearNoBias", x -> Functional.linear(x[0], x[1], null));
        many("linear3", x -> Functional.linear(x[0], x[1], x[2]));
        many("layerNorm", x -> Functional.layerNorm(x[0], x[1], x[2], 1e-5));
        many("layerNormPlain", x -> Functional.layerNorm(x[0], null, null, 1e-3));
        many("layerNormWeight", x -> Functional.layerNorm(x[0], x[1], null, 1e-5));
        two("crossEntropy", Functional::crossEntropy);
        many("attention", x -> {
            Tensor scores = x[0].matmul(x[1].t()).div(2);
            Tensor future = scores.detach().onesLike().triu(1).ne(0);
            return scores.maskedFill(future, Double.NEGATIVE_INFINITY).softmax(-1).matmul(x[2]);
        });
        many("conv2d", x -> Functional.conv2d(x[0], x[1], x[2], conv(1, 0, 1, 1)));
        many("conv2dPadded", x -> Functional.conv2d(x[0], x[1], null, new Backend.Conv2d(1, 1, 1, 2, 1, 1, 1)));
        many("conv2dStrided", x -> Functional.conv2d(x[0], x[1], x[2], new Backend.Conv2d(2, 3, 1, 1, 1, 1, 1)));
        many("conv2dDilated", x -> Functional.conv2d(x[0], x[1], null, new Backend.Conv2d(1, 1, 2, 0, 2, 1, 1)));
        many("conv2dGroups", x -> Functional.conv2d(x[0], x[1], x[2], conv(2, 1, 1, 2)));
        many("conv2dDepthwise", x -> Functional.conv2d(x[0], x[1], null, conv(1, 0, 1, 3)));
        many("conv2dPointwise", x -> Functional.conv2d(x[0], x[1], null, conv(1, 0, 1, 1)));
        one("maxPool2d", x -> Functional.maxPool2d(x, new Backend.Pool2d(2, 2, 2, 2, 0, 0)));
        one("maxPool2dOverlap", x -> Functional.maxPool2d(x, new Backend.Pool2d(3, 2, 2, 1, 1, 1)));
        one("avgPool2d", x -> Functional.avgPool2d(x, new Backend.Pool2d(2, 2, 2, 2, 0, 0)));
        one("avgPool2dOverlap", x -> Functional.avgPool2d(x, new Backend.Pool2d(3, 2, 2, 1, 1, 1)));
        many("mlp", x -> Functional.linear(x[0], x[1], x[2]).tanh().matmul(x[3]).softmax(-1).log().mean());
        one("reused", x -> x.mul(x.sin()).sumKeep(0).mul(x.exp()).add(x.mean()));
    }

    private void edges() {
        for (String name : List.of("relu", "exp", "log", "sqrt", "abs", "floor", "ceil", "round", "square", "reciprocal", "sigmoid", "tanh", "erf",
                "log1p", "expm1", "neg", "sin", "atan", "softplus", "silu", "gelu", "maximum", "minimum", "add", "mul", "atan2", "max1", "min1", "logsumexp", "clamp")) {
            many("edge_" + name, op(name));
        }
        two("edge_powZeroBase", Tensor::pow);
        one("edge_softmax", x -> x.softmax(1));
        one("edge_logSoftmax", x -> x.logSoftmax(1));
        one("value_max1", x -> x.max(1));
        one("value_min1", x -> x.min(1));
        one("value_argmax", x -> x.argmax(1));
        one("value_argmin", x -> x.argmin(1));
        one("value_argsort", x -> x.argsort(1, false));
        one("value_argsortDescending", x -> x.argsort(1, true));
        two("value_mod", Tensor::mod);
    }

    private void logic() {
        Map<String, BinaryOperator<Tensor>> pairs = Map.of("eq", Tensor::eq, "ne", Tensor::ne, "lt", Tensor::lt, "le", Tensor::le, "gt", Tensor::gt, "ge", Tensor::ge,
                "and", Tensor::and, "or", Tensor::or, "xor", Tensor::xor);
        pairs.forEach((name, f) -> two("value_" + name, f));
        one("value_eqNumber", x -> x.eq(1));
        one("value_neNumber", x -> x.ne(1));
        one("value_ltNumber", x -> x.lt(1));
        one("value_leNumber", x -> x.le(1));
        one("value_gtNumber", x -> x.gt(1));
        one("value_geNumber", x -> x.ge(1));
        one("value_not", Tensor::not);
        one("value_any", x -> x.any());
        one("value_any1", x -> x.any(1));
        one("value_all", x -> x.all());
        one("value_all0", x -> x.all(0));
        one("value_isNaN", Tensor::isNaN);
        one("value_oneHot", x -> x.oneHot(4));
    }

    /** Tensors made from nothing are made on the default backend, and moved to that of the case. */
    private void made() {
        one("value_arange", x -> Tensor.arange(-1, 2, 0.7, x.dtype()).to(x.backend()));
        one("value_linspace", x -> Tensor.linspace(-1, 2, 7).to(x.dtype()).to(x.backend()));
        one("value_eye", x -> Tensor.eye(3, x.dtype()).to(x.backend()));
        one("value_zeros", x -> Tensor.zeros(2, 0, 3).to(x.dtype()).to(x.backend()));
        one("value_ones", x -> Tensor.ones(2, 3).to(x.dtype()).to(x.backend()));
        one("value_onesLike", Tensor::onesLike);
        one("value_zerosLike", Tensor::zerosLike);
        one("value_full", x -> Tensor.full(Shape.of(2, 3), x.dtype(), -1.5).to(x.backend()));
        one("value_to", x -> x.to(DType.INT64).to(x.dtype()));
    }

    private void views() {
        one("t", x -> x.t().reshape(-1));
        one("unsqueeze", x -> x.unsqueeze(1).mul(x));
        one("flatten", x -> x.flatten(1));
        one("get", x -> x.get(Slice.at(1), Slice.all(), Slice.range(0, 4, 3)).mul(x.get(Slice.at(0), Slice.all(), Slice.range(1, 3))));
        one("meanKeep", x -> x.meanKeep(0, 2).mul(x));
        one("maxKeep", x -> x.maxKeep(1).mul(x));
        one("minKeep", x -> x.minKeep(1).mul(x));
        one("sumTo", x -> x.sumTo(Shape.of(3, 1)).square());
        two("conv2dInput", (g, k) -> Functional.conv2dInput(g, k, Shape.of(2, 4, 5, 6), conv(2, 1, 1, 2)));
        two("conv2dKernel", (g, x) -> Functional.conv2dKernel(g, x, Shape.of(6, 2, 3, 3), conv(2, 1, 1, 2)));
    }
}
