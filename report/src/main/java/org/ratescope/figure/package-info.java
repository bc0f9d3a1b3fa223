/** Figures: from a query and a Vega-Lite spec to SVG, PNG and CSV. */
@NullMarked
package org.ratescope.figure;

import org.jspecify.annotations.NullMarked;
