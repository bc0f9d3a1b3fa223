/**
 * Leases: which of several processes works on which task, where they share nothing but a folder.
 */
@NullMarked
package org.ratescope.io.lease;

import org.jspecify.annotations.NullMarked;
