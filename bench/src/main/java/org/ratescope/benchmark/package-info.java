/** Measurements as ratios to the limits of this machine, taken in one run. */
@NullMarked
package org.ratescope.benchmark;

import org.jspecify.annotations.NullMarked;
