/** Images and their labels from any source: sources, rows, splits, image grids. */
@NullMarked
package org.ratescope.dataset;

import org.jspecify.annotations.NullMarked;
