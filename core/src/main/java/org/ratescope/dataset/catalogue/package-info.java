/** What is known about public data sets: their files, the checksums of these, and mirrors. */
@NullMarked
package org.ratescope.dataset.catalogue;

import org.jspecify.annotations.NullMarked;

