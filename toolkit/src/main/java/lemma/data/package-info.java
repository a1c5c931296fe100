/**
 * Data for experiments: small sets that travel with the toolkit, larger ones downloaded on demand and checked, readers for CSV, IDX and
 * NumPy files, batches and splits, and generators whose truth is known.
 */
package lemma.data;
