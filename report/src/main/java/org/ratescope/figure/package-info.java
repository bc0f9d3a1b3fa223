/**
 * Records as tables one can ask in SQL, and figures drawn from them: a query and a Vega-Lite spec
 * in, SVG, PNG and CSV out. Nothing in here reaches libtorch.
 */
@NullMarked
package org.ratescope.figure;

import org.jspecify.annotations.NullMarked;

