package lemma.kernel.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs messages by HMAC (RFC 2104) in lower-case hex; an empty key means that nothing is signed or checked. */
public final class Signer {
    private final String algorithm;
    private final SecretKeySpec secret;

    /** @throws IllegalArgumentException for a scheme other than {@code hmac-<digest>} with a digest that this JVM has */
    public Signer(String scheme, String key) {
        if (!scheme.startsWith("hmac-")) throw unknown(scheme, null);
        algorithm = "Hmac" + scheme.substring("hmac-".length()).toUpperCase(Locale.ROOT);
        secret = key.isEmpty() ? null : new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), algorithm);
        sign(List.of());
    }

    /** The signature of {@code frames} in their order. */
    public String sign(List<byte[]> frames) {
        if (secret == null) return "";
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(secret);
            frames.forEach(mac::update);
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw unknown(algorithm, e);
        }
    }

    /** Whether {@code signature} is that of {@code frames}, compared in constant time. */
    public boolean verifies(byte[] signature, List<byte[]> frames) {
        return secret == null || MessageDigest.isEqual(signature, sign(frames).getBytes(StandardCharsets.US_ASCII));
    }

    private static IllegalArgumentException unknown(String scheme, Exception cause) {
        return new IllegalArgumentException("signature scheme " + scheme + " is not supported; Jupyter uses hmac-sha256", cause);
    }
}
