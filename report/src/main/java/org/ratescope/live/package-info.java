/**
 * The live page of a sweep: an HTTP server and a page that draws what is recorded and what is being
 * trained.
 */
@NullMarked
package org.ratescope.live;

import org.jspecify.annotations.NullMarked;
