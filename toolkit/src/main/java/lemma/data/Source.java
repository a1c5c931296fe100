package lemma.data;

/**
 * Where data come from.
 *
 * @param title what the data are, in one line
 * @param licence under what they may be used; says so where none is stated
 * @param citation what to cite
 */
public record Source(String title, String licence, String citation) {}
