/**
 * The live page of a sweep: an HTTP server and a page that draws recorded runs and runs in
 * training.
 */
@NullMarked
package org.ratescope.live;

import org.jspecify.annotations.NullMarked;
