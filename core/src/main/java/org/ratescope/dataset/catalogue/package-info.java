/** Public data sets: their files, checksums and mirrors. */
@NullMarked
package org.ratescope.dataset.catalogue;

import org.jspecify.annotations.NullMarked;
