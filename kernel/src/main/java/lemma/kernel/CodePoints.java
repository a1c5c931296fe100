package lemma.kernel;

/** Jupyter counts cursor positions in Unicode code points, Java in UTF-16 units. */
final class CodePoints {
    private CodePoints() {}

    static int toIndex(String text, int codePoints) {
        int all = text.codePointCount(0, text.length());
        return text.offsetByCodePoints(0, Math.clamp(codePoints, 0, all));
    }

    static int ofIndex(String text, int index) {
        return text.codePointCount(0, index);
    }
}
