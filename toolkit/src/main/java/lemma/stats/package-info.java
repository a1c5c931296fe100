/** Statistics of experiments: bootstrap and intervals; what Hipparchus has is used from there. */
package lemma.stats;
