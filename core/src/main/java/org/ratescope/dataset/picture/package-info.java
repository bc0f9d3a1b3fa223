/**
 * Pictures in files, one a file, and folders of them. Knows samples and names, nothing of studies.
 */
@NullMarked
package org.ratescope.dataset.picture;

import org.jspecify.annotations.NullMarked;

