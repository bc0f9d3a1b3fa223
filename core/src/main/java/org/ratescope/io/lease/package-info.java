/**
 * Leases: they determine which of several processes works on which task if the processes share only
 * a folder.
 */
@NullMarked
package org.ratescope.io.lease;

import org.jspecify.annotations.NullMarked;
