/**
 * Estimators: a trained model and its training or test set in, numbers with standard errors out.
 */
@NullMarked
package org.ratescope.estimate;

import org.jspecify.annotations.NullMarked;
