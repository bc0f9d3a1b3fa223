/** Leases: which process of several works on what, where nothing but a folder is shared. */
@NullMarked
package org.ratescope.io.lease;

import org.jspecify.annotations.NullMarked;

