/**
 * The live page of a sweep: a small HTTP server whose page draws what has been recorded so far and
 * what is being trained.
 */
@NullMarked
package org.ratescope.live;

import org.jspecify.annotations.NullMarked;

