/** Writing files so that a reader, or a crash, never sees half of one. */
@NullMarked
package org.ratescope.io;

import org.jspecify.annotations.NullMarked;

