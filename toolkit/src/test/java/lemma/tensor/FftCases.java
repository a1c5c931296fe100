package lemma.tensor;

import java.util.function.UnaryOperator;
import lemma.linalg.Fft;
import lemma.linalg.Fft.Norm;

/** The functions of fft_fixtures.py: complex numbers stand as pairs along a last axis. */
final class FftCases extends TorchCases.Suite {
    FftCases() {
        super("fft-fixtures.json");
        complex();
        real();
        planes();
        two("causalConvolve", Fft::causalConvolve);
        two("causalConvolveShort", Fft::causalConvolve);
    }

    private void onPairs(String name, UnaryOperator<Tensor> f) {
        one(name, x -> f.apply(x.viewAsComplex()).viewAsReal());
    }

    private void complex() {
        onPairs("fft", Fft::fft);
        one("fftReal", x -> Fft.fft(x).viewAsReal());
        onPairs("fftPrime", Fft::fft);
        onPairs("fftAxis", z -> Fft.fft(z, 0, Norm.ORTHO));
        onPairs("fftLonger", z -> Fft.fft(z, 8, -1, Norm.FORWARD));
        onPairs("fftShorter", z -> Fft.fft(z, 3, -1, Norm.BACKWARD));
        onPairs("fftOfOne", Fft::fft);
        onPairs("ifft", Fft::ifft);
        onPairs("ifftOrtho", z -> Fft.ifft(z, 1, Norm.ORTHO));
        onPairs("ifftForward", z -> Fft.ifft(z, -1, Norm.FORWARD));
    }

    private void real() {
        for (String variant : new String[] {"", "Odd", "OfOne", "OfTwo"}) one("rfft" + variant, x -> Fft.rfft(x).viewAsReal());
        one("rfftAxis", x -> Fft.rfft(x, 0, Norm.ORTHO).viewAsReal());
        one("rfftLonger", x -> Fft.rfft(x, 10, -1, Norm.BACKWARD).viewAsReal());
        one("irfft", x -> Fft.irfft(x.viewAsComplex()));
        one("irfftOfTwo", x -> Fft.irfft(x.viewAsComplex()));
        one("irfftOdd", x -> Fft.irfft(x.viewAsComplex(), 7));
        one("irfftAxis", x -> Fft.irfft(x.viewAsComplex(), 6, 0, Norm.FORWARD));
        one("irfftShorter", x -> Fft.irfft(x.viewAsComplex(), 4, -1, Norm.ORTHO));
    }

    private void planes() {
        onPairs("fft2", Fft::fft2);
        onPairs("ifft2", Fft::ifft2);
        one("rfft2", x -> Fft.rfft2(x).viewAsReal());
        one("irfft2", x -> Fft.irfft2(x.viewAsComplex(), 4));
        one("fftshift", Fft::fftshift);
        one("fftshiftAxis", x -> Fft.fftshift(x, 1));
        one("ifftshift", Fft::ifftshift);
        one("edge_fftfreq", x -> Fft.fftfreq(7, 0.5).to(x.backend()));
        one("edge_rfftfreq", x -> Fft.rfftfreq(8, 0.5).to(x.backend()));
    }
}
