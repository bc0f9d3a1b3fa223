/** Cohort and data in, trained parameters out: batches, the step, checkpoints. */
@NullMarked
package org.ratescope.train;

import org.jspecify.annotations.NullMarked;

