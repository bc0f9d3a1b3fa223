/** Images kept in the cache folder: chunks with checksums, verified when they are opened. */
@NullMarked
package org.ratescope.dataset.store;

import org.jspecify.annotations.NullMarked;
