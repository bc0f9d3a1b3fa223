/**
 * What a run leaves behind, the store that keeps it, and the documented format the computing and
 * the reading half share.
 */
@NullMarked
package org.ratescope.results;

import org.jspecify.annotations.NullMarked;

