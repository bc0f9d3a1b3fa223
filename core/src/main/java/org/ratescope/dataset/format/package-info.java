/**
 * File formats of arrays: IDX, the binary matrices of SmallNORB, NumPy arrays and archives. The
 * readers know bytes and shapes only. A fault in a file ends in a {@link FormatException} that
 * names the file and the place in it.
 */
@NullMarked
package org.ratescope.dataset.format;

import org.jspecify.annotations.NullMarked;
