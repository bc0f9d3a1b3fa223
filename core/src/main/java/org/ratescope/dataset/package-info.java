/**
 * Images and their labels, whatever their source: keeping, verifying, splitting, describing,
 * drawing.
 */
@NullMarked
package org.ratescope.dataset;

import org.jspecify.annotations.NullMarked;

