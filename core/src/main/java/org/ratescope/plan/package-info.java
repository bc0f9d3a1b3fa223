/**
 * What a study still needs: which runs, in which cohorts, at what cost; and whether the images are
 * still those that the records were computed from.
 */
@NullMarked
package org.ratescope.plan;

import org.jspecify.annotations.NullMarked;
