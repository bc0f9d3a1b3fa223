/** Estimators: a trained model and a half of the data in, numbers with standard errors out. */
@NullMarked
package org.ratescope.estimate;

import org.jspecify.annotations.NullMarked;

