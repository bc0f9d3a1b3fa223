/**
 * File formats of arrays: IDX, the binary matrices of SmallNORB, NumPy arrays and archives. The
 * readers know only bytes and shapes. They report a fault in a file by a {@link FormatException}
 * with the file and the position in it.
 */
@NullMarked
package org.ratescope.dataset.format;

import org.jspecify.annotations.NullMarked;
