/**
 * Posteriors q(z|x) of many images, and what is computed from all pairs of them: marginals,
 * neighbours, importance weights.
 */
@NullMarked
package org.ratescope.estimate.posterior;

import org.jspecify.annotations.NullMarked;
