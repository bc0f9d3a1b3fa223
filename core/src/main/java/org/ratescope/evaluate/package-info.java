/** Evaluates models that were trained elsewhere. */
@NullMarked
package org.ratescope.evaluate;

import org.jspecify.annotations.NullMarked;
