/**
 * Images in the cache folder, in chunks with checksums that are verified when the images are
 * opened.
 */
@NullMarked
package org.ratescope.dataset.store;

import org.jspecify.annotations.NullMarked;
