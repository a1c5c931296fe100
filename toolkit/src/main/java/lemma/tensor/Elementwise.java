package lemma.tensor;

/** Element-wise operations: type promotion, broadcasting and the gradient of each. */
final class Elementwise {
    private static final double INV_SQRT_2PI = 0.3989422804014327;
    private static final double TWO_OVER_SQRT_PI = 1.1283791670955126;
    private static final double SQRT_2_OVER_PI = 0.7978845608028654;
    private static final double GELU_CUBIC = 0.044715;

    private Elementwise() {}

    static Tensor cast(Tensor a, DType type) {
        if (type == a.dtype()) return a;
        DType from = a.dtype();
        return Tensor.record("to", a.backend().cast(a, type), (g, y) -> new Tensor[] {g.to(from)}, a);
    }

    // ---- one argument ----

    static Tensor unary(Unary op, Tensor a) {
        if (a.dtype().isComplex()) return ofComplex(op, a);
        Tensor x = a.dtype().isFloat() || keepsType(op, a.dtype()) ? a : a.to(DType.FLOAT32);
        return Tensor.record(op.name().toLowerCase(), x.backend().unary(op, x), (g, y) -> new Tensor[] {unaryGradient(op, g, x, y)}, x);
    }

    /** Gradients of holomorphic functions are g times the conjugate of the derivative, which is the derivative at the conjugates. */
    private static Tensor ofComplex(Unary op, Tensor a) {
        return switch (op) {
            case ABS -> Tensor.record("abs", a.backend().unary(op, a), (g, y) -> new Tensor[] {Complex.magnitudeGradient(g, Views.forRule(a), y)}, a);
            case CONJ -> Tensor.record("conj", a.backend().unary(op, a), (g, y) -> new Tensor[] {g.conj()}, a);
            case NEG, SQUARE, SQRT, RECIPROCAL, EXP, LOG -> Tensor.record(op.name().toLowerCase(), a.backend().unary(op, a), (g, y) -> {
                boolean ofResult = op == Unary.SQRT || op == Unary.RECIPROCAL || op == Unary.EXP;
                return new Tensor[] {unaryGradient(op, g, ofResult || op == Unary.NEG ? a : Views.forRule(a).conj(), ofResult ? y.conj() : y)};
            }, a);
            default -> throw new IllegalArgumentException(op.name().toLowerCase() + ": dtype is " + a.dtype()
                    + "; complex numbers have neg, abs, conj, angle, square, sqrt, reciprocal, exp, log and whole powers");
        };
    }

    private static boolean keepsType(Unary op, DType type) {
        return switch (op) {
            case NOT -> {
                if (type != DType.BOOL) throw new IllegalArgumentException("not: dtype is " + type + ", expected BOOL; compare first, for example x.ne(0)");
                yield true;
            }
            case NEG, ABS, SIGN, SQUARE, RELU, FLOOR, CEIL, ROUND, CONJ -> type.isInteger();
            default -> false;
        };
    }

    private static Tensor unaryGradient(Unary op, Tensor g, Tensor saved, Tensor y) {
        Tensor x = Views.forRule(saved);
        return switch (op) {
            case NEG -> g.neg();
            case ABS -> g.mul(x.sign());
            case SIGN, FLOOR, CEIL, ROUND -> g.zerosLike();
            case SQUARE -> g.mul(x).mul(2);
            case SQRT -> g.div(y).mul(0.5);
            case RSQRT -> g.mul(y).mul(y).mul(y).mul(-0.5);
            case RECIPROCAL -> g.mul(y).mul(y).neg();
            case EXP -> g.mul(y);
            case EXPM1 -> g.mul(y.add(1));
            case LOG -> g.div(x);
            case LOG1P -> g.div(x.add(1));
            case SIN -> g.mul(x.cos());
            case COS -> g.mul(x.sin()).neg();
            case TAN -> g.mul(y.square().add(1));
            case ASIN -> g.mul(x.square().rsub(1).rsqrt());
            case ACOS -> g.mul(x.square().rsub(1).rsqrt()).neg();
            case ATAN -> g.div(x.square().add(1));
            case SINH -> g.mul(x.cosh());
            case COSH -> g.mul(x.sinh());
            case TANH -> gradient(Binary.TANH_GRAD, g, y);
            case ERF -> g.mul(x.square().neg().exp()).mul(TWO_OVER_SQRT_PI);
            case SIGMOID -> gradient(Binary.SIGMOID_GRAD, g, y);
            case SOFTPLUS -> g.mul(x.sigmoid());
            case RELU -> gradient(Binary.RELU_GRAD, g, x);
            case GELU -> gradient(Binary.GELU_GRAD, g, x);
            case GELU_TANH -> gradient(Binary.GELU_TANH_GRAD, g, x);
            case SILU -> gradient(Binary.SILU_GRAD, g, x);
            case CONJ -> g.conj();
            case NOT -> null;
        };
    }

    /** A gradient in one pass; where a higher derivative is asked for, the same written with differentiable operations. */
    private static Tensor gradient(Binary op, Tensor g, Tensor x) {
        if (!Views.isRecording(g, x)) return g.backend().binary(op, g.contiguous(), x, g.shape());
        return switch (op) {
            case RELU_GRAD -> where(x.detach().le(0), g.detach().zerosLike(), g);
            case TANH_GRAD -> g.mul(x.square().rsub(1));
            case SIGMOID_GRAD -> g.mul(x.mul(x.rsub(1)));
            case SILU_GRAD -> {
                Tensor s = x.sigmoid();
                yield g.mul(s.mul(x.mul(s.rsub(1)).add(1)));
            }
            case GELU_GRAD -> {
                Tensor cdf = x.mul(Math.sqrt(0.5)).erf().add(1).mul(0.5);
                Tensor pdf = x.square().mul(-0.5).exp().mul(INV_SQRT_2PI);
                yield g.mul(cdf.add(x.mul(pdf)));
            }
            case GELU_TANH_GRAD -> {
                Tensor t = x.add(x.square().mul(x).mul(GELU_CUBIC)).mul(SQRT_2_OVER_PI).tanh();
                Tensor inner = x.square().mul(3 * GELU_CUBIC).add(1).mul(SQRT_2_OVER_PI);
                yield g.mul(t.add(1).mul(0.5).add(x.mul(0.5).mul(t.square().rsub(1)).mul(inner)));
            }
            default -> throw new IllegalArgumentException(op.name());
        };
    }

    // ---- two arguments ----

    static Tensor binary(Binary op, Tensor left, Tensor right) {
        checkBackends(op, left, right);
        DType type = operandType(op, left, right);
        Tensor a = left.to(type);
        Tensor b = right.to(type);
        Shape shape = Shape.broadcast(op.name().toLowerCase(), a.shape(), b.shape());
        Tensor y = Batching.backend(a, b).binary(op, a, b, shape);
        if (op.isLogical()) return y;
        return Tensor.record(op.name().toLowerCase(), y, (g, out) -> {
            Tensor[] gradients = binaryGradients(op, g, saved(op, a), saved(op, b), op == Binary.DIV || op == Binary.POW ? out.conj() : out, a.node != null, b.node != null);
            if (gradients[0] != null) gradients[0] = gradients[0].sumTo(a.shape());
            if (gradients[1] != null) gradients[1] = gradients[1].sumTo(b.shape());
            return gradients;
        }, a, b);
    }

    /** An argument as a rule uses it: conjugate, as in {@link #ofComplex}. */
    private static Tensor saved(Binary op, Tensor a) {
        Tensor x = Views.forRule(a);
        return op == Binary.ADD || op == Binary.SUB ? x : x.conj();
    }

    private static DType operandType(Binary op, Tensor a, Tensor b) {
        if (op == Binary.AND || op == Binary.OR || op == Binary.XOR) {
            if (a.dtype() != DType.BOOL || b.dtype() != DType.BOOL) {
                throw new IllegalArgumentException(op.name().toLowerCase() + ": dtypes are " + a.dtype() + " and " + b.dtype() + ", expected BOOL; compare first, for example x.ne(0)");
            }
            return DType.BOOL;
        }
        DType type = promote(a, b);
        boolean needsFloat = op == Binary.DIV || op == Binary.ATAN2;
        if (needsFloat && !type.isFloat() && !type.isComplex()) return DType.FLOAT32;
        if (type == DType.BOOL && !op.isLogical()) return DType.INT64;
        return type;
    }

    /** As PyTorch: a scalar tensor does not widen a tensor with axes of the same kind. */
    private static DType promote(Tensor a, Tensor b) {
        boolean sameKind = a.dtype().isFloat() && b.dtype().isFloat() || a.dtype().isInteger() && b.dtype().isInteger();
        if (sameKind && a.rank() == 0 && b.rank() > 0) return b.dtype();
        if (sameKind && b.rank() == 0 && a.rank() > 0) return a.dtype();
        return DType.promote(a.dtype(), b.dtype());
    }

    private static void checkBackends(Binary op, Tensor a, Tensor b) {
        if (!Batching.agree(a.backend(), b.backend())) {
            throw new IllegalArgumentException(op.name().toLowerCase() + ": one argument lives in backend " + a.backend().name() + ", the other in "
                    + b.backend().name() + "; move one with to(backend)");
        }
    }

    private static Tensor[] binaryGradients(Binary op, Tensor g, Tensor a, Tensor b, Tensor y, boolean needA, boolean needB) {
        return switch (op) {
            case ADD -> new Tensor[] {g, g};
            case SUB -> new Tensor[] {g, needB ? g.neg() : null};
            case MUL -> new Tensor[] {needA ? g.mul(b) : null, needB ? g.mul(a) : null};
            case DIV -> new Tensor[] {needA ? g.div(b) : null, needB ? g.mul(y).div(b).neg() : null};
            case POW -> new Tensor[] {
                needA ? g.mul(where(b.detach().eq(0), b.detach().zerosLike(), b.mul(a.pow(b.sub(1))))) : null,
                needB ? g.mul(where(a.detach().eq(0), y.detach().zerosLike(), y.mul(a.log()))) : null};
            case MAXIMUM -> new Tensor[] {needA ? g.mul(share(a, b, Binary.LT)) : null, needB ? g.mul(share(b, a, Binary.LT)) : null};
            case MINIMUM -> new Tensor[] {needA ? g.mul(share(a, b, Binary.GT)) : null, needB ? g.mul(share(b, a, Binary.GT)) : null};
            case FLOOR_DIV -> new Tensor[] {needA ? g.zerosLike() : null, needB ? g.zerosLike() : null};
            case MOD -> new Tensor[] {g, needB ? g.mul(a.div(b).floor()).neg() : null};
            case ATAN2 -> {
                Tensor r2 = a.square().add(b.square());
                yield new Tensor[] {needA ? g.mul(b).div(r2) : null, needB ? g.mul(a).div(r2).neg() : null};
            }
            default -> throw new IllegalArgumentException(op.name());
        };
    }

    /** 0 where a loses, 1/2 at ties, 1 elsewhere: NaN takes the gradient, as in PyTorch. */
    private static Tensor share(Tensor a, Tensor b, Binary loses) {
        Tensor x = a.detach();
        Tensor z = b.detach();
        return binary(loses, x, z).to(x.dtype()).add(x.eq(z).to(x.dtype()).mul(0.5)).rsub(1);
    }

    // ---- a tensor and a number ----

    static Tensor binary(Binary op, Tensor t, double s, boolean scalarFirst) {
        Tensor a = t.to(scalarType(op, t.dtype(), s));
        Tensor y = a.backend().binary(op, a, s, scalarFirst);
        if (op.isLogical()) return y;
        return Tensor.record(op.name().toLowerCase(), y, (g, out) -> new Tensor[] {scalarGradient(op, g, saved(op, a), s, scalarFirst, op == Binary.DIV || op == Binary.POW ? out.conj() : out)}, a);
    }

    private static DType scalarType(Binary op, DType type, double s) {
        if (type.isFloat() || type.isComplex()) return type;
        boolean whole = s == Math.rint(s) && !Double.isInfinite(s);
        boolean needsFloat = op == Binary.DIV || op == Binary.ATAN2 || op == Binary.POW && s < 0;
        if (!whole || needsFloat) return DType.FLOAT32;
        return type == DType.BOOL && !op.isLogical() ? DType.INT64 : type;
    }

    private static Tensor scalarGradient(Binary op, Tensor g, Tensor a, double s, boolean scalarFirst, Tensor y) {
        return switch (op) {
            case ADD, MOD -> g;
            case SUB -> scalarFirst ? g.neg() : g;
            case MUL -> g.mul(s);
            case DIV -> scalarFirst ? g.mul(y).div(a).neg() : g.div(s);
            case FLOOR_DIV -> g.zerosLike();
            case POW -> scalarFirst ? g.mul(y).mul(Math.log(s)) : s == 0 ? g.zerosLike() : s == 1 ? g : s == 2 ? g.mul(a).mul(2) : g.mul(a.pow(s - 1)).mul(s);
            case MAXIMUM -> g.mul(shareScalar(a, s, Binary.LT));
            case MINIMUM -> g.mul(shareScalar(a, s, Binary.GT));
            case ATAN2 -> {
                Tensor r2 = a.square().add(s * s);
                yield scalarFirst ? g.mul(-s).div(r2) : g.mul(s).div(r2);
            }
            default -> throw new IllegalArgumentException(op.name());
        };
    }

    private static Tensor shareScalar(Tensor a, double s, Binary loses) {
        Tensor x = a.detach();
        return binary(loses, x, s, false).to(x.dtype()).add(x.eq(s).to(x.dtype()).mul(0.5)).rsub(1);
    }

    static Tensor clamp(Tensor a, double low, double high) {
        if (!(low <= high)) throw new IllegalArgumentException("clamp: low " + low + " is above high " + high);
        Tensor x = a.detach();
        Tensor y = a.backend().binary(Binary.MINIMUM, a.backend().binary(Binary.MAXIMUM, x, low, false), high, false);
        return Tensor.record("clamp", y, (g, out) -> new Tensor[] {where(x.ge(low).and(x.le(high)), g, g.detach().zerosLike())}, a);
    }

    static Tensor where(Tensor cond, Tensor left, Tensor right) {
        if (cond.dtype() != DType.BOOL) throw new IllegalArgumentException("where: the condition is " + cond.dtype() + ", expected BOOL; compare first, for example x.ne(0)");
        DType type = promote(left, right);
        Tensor a = left.to(type);
        Tensor b = right.to(type);
        Shape shape = Shape.broadcast("where", cond.shape(), Shape.broadcast("where", a.shape(), b.shape()));
        return Tensor.record("where", Batching.backend(cond, a, b).where(cond, a, b, shape), (g, y) -> {
            Tensor zero = g.backend().full(Shape.SCALAR, g.dtype(), 0);
            return new Tensor[] {
                a.node == null ? null : where(cond, g, zero).sumTo(a.shape()),
                b.node == null ? null : where(cond, zero, g).sumTo(b.shape())};
        }, a, b);
    }

    // ---- made of those above ----

    static Tensor isInf(Tensor a) {
        return a.detach().abs().eq(Double.POSITIVE_INFINITY);
    }

    static Tensor isFinite(Tensor a) {
        return a.dtype().isFloat() ? a.detach().abs().lt(Double.POSITIVE_INFINITY) : a.detach().eq(a.detach());
    }

    static Tensor nanToNum(Tensor a, double nan, double positive, double negative) {
        if (!a.dtype().isFloat()) return a;
        Tensor x = a.maskedFill(a.detach().isNaN(), nan);
        return x.maskedFill(a.detach().eq(Double.POSITIVE_INFINITY), positive).maskedFill(a.detach().eq(Double.NEGATIVE_INFINITY), negative);
    }

    static double largest(DType type) {
        return type == DType.FLOAT32 ? Float.MAX_VALUE : Double.MAX_VALUE;
    }

    /** From the nearer end, so that both ends are met exactly. */
    static Tensor lerp(Tensor a, Tensor b, double weight) {
        if (a == b) return a;
        Tensor d = b.sub(a);
        return weight < 0.5 ? a.add(d.mul(weight)) : b.sub(d.mul(1 - weight));
    }

    static Tensor lerp(Tensor a, Tensor b, Tensor weight) {
        Tensor d = b.sub(a);
        return Tensor.where(weight.detach().lt(0.5), a.add(d.mul(weight)), b.sub(d.mul(weight.rsub(1))));
    }

    static Tensor trunc(Tensor a) {
        if (!a.dtype().isFloat()) return a;
        return Tensor.where(a.detach().lt(0), a.ceil(), a.floor());
    }

    /** {@code sqrt(a^2 + b^2)} by the larger one, so that squares neither overflow nor vanish. */
    static Tensor hypot(Tensor a, Tensor b) {
        Tensor x = a.detach().abs();
        Tensor z = b.detach().abs();
        Tensor large = x.maximum(z);
        Tensor ratio = x.minimum(z).div(where(large.eq(0), large.onesLike(), large));
        Tensor y = large.mul(ratio.square().add(1).sqrt()).maskedFill(isInf(x).or(isInf(z)), Double.POSITIVE_INFINITY);
        return Tensor.record("hypot", y, (g, out) -> new Tensor[] {
            a.node == null ? null : g.mul(Views.forRule(a).div(out)).sumTo(a.shape()),
            b.node == null ? null : g.mul(Views.forRule(b).div(out)).sumTo(b.shape())}, a, b);
    }

    static Tensor logaddexp(Tensor a, Tensor b) {
        Tensor x = a.detach();
        Tensor z = b.detach();
        Tensor large = x.maximum(z);
        Tensor y = where(isInf(large), large, large.add(x.sub(z).abs().neg().exp().log1p()));
        return Tensor.record("logaddexp", y, (g, out) -> {
            Tensor share = Views.forRule(a).sub(Views.forRule(b)).sigmoid();
            return new Tensor[] {a.node == null ? null : g.mul(share).sumTo(a.shape()), b.node == null ? null : g.mul(share.rsub(1)).sumTo(b.shape())};
        }, a, b);
    }

    /** The remainder with the sign of a. */
    static Tensor fmod(Tensor a, Tensor b) {
        Tensor x = a.detach();
        Tensor y = x.abs().mod(b.detach().abs()).mul(x.sign());
        return Tensor.record("fmod", y, (g, out) -> new Tensor[] {
            a.node == null ? null : g.sumTo(a.shape()),
            b.node == null ? null : g.mul(trunc(x.div(b.detach()))).neg().sumTo(b.shape())}, a, b);
    }
}
