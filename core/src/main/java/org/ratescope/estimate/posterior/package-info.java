/**
 * Posteriors q(z|x) of many images, and computations over all pairs of them: marginals, neighbours,
 * importance weights.
 */
@NullMarked
package org.ratescope.estimate.posterior;

import org.jspecify.annotations.NullMarked;
