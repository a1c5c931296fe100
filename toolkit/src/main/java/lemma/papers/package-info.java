/**
 * Papers and their claims: the {@link lemma.papers.Index} names all, a {@link lemma.papers.Paper} is the card of one that is built, a
 * {@link lemma.papers.Claim} holds measured numbers against its {@link lemma.papers.Bound}.
 */
package lemma.papers;
