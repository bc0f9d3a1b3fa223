/** Atomic file writes, digests, folder locks, process identities, and files in jars. */
@NullMarked
package org.ratescope.io;

import org.jspecify.annotations.NullMarked;
