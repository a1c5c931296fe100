/**
 * Many runs as one call: a {@link lemma.sweep.Grid} of configurations and seeds, one function, a table of results. Runs go on threads
 * of this machine or on Apache Spark, and a sweep that was killed goes on where it stood.
 */
package lemma.sweep;
