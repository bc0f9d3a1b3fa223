/** The limits of this machine, how close training comes to them, and an eager loop as the peer. */
@NullMarked
package org.ratescope.bench;

import org.jspecify.annotations.NullMarked;
