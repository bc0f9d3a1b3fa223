/**
 * Images and their generating factors: generating, keeping, verifying, splitting, describing,
 * drawing.
 */
@NullMarked
package org.ratescope.data;

import org.jspecify.annotations.NullMarked;
