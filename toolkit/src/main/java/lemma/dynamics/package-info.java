/** How training moves: parametrisations under which it does not depend on size, the curvature along its path, schedules, noise and large batches. */
package lemma.dynamics;
