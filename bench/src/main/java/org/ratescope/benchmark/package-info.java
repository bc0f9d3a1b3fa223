/** Measurements as ratios to what this machine can do, taken in one run. */
@NullMarked
package org.ratescope.benchmark;

import org.jspecify.annotations.NullMarked;

