package lemma.ntk;

import lemma.tensor.Tensor;

/**
 * The two kernels of a network on pairs of examples: (n1, n2), for one example at a time (n). If the network's output has positions, they
 * follow: (n1, n2, l) or (n1, n2, h, w), and with covariances between positions (n1, n2, l, l') or (n1, n2, h, h', w, w').
 *
 * @param nngp {@code E[f(x) f(x')]} of an output over random parameters
 * @param ntk {@code sum_p df(x)/dp df(x')/dp} over all parameters p, a number in the limit, times the factor of SGD's rate where the
 *     {@link Parametrization} has one
 */
public record NetworkKernel(Tensor nngp, Tensor ntk) {}
