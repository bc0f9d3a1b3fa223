/**
 * Statistics of samples over restarts: spreads, minima inside a range, trends, distances between
 * curves.
 */
@NullMarked
package org.ratescope.statistic;

import org.jspecify.annotations.NullMarked;
