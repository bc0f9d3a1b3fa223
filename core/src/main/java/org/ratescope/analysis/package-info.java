/**
 * Analyses of a data set without a model: sample images, sizes of splits, distances to the nearest
 * training image, sensitivity of pixels to factors.
 */
@NullMarked
package org.ratescope.analysis;

import org.jspecify.annotations.NullMarked;
