/** Figures: a query and a Vega-Lite spec in, SVG, PNG and CSV out. */
@NullMarked
package org.ratescope.figure;

import org.jspecify.annotations.NullMarked;
