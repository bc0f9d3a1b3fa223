/** Trains a cohort: batches, the training step, checkpoints. */
@NullMarked
package org.ratescope.train;

import org.jspecify.annotations.NullMarked;
