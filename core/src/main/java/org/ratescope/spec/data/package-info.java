/** The data sets that a run can name, as values: which images, at which resolution. */
@NullMarked
package org.ratescope.spec.data;

import org.jspecify.annotations.NullMarked;
