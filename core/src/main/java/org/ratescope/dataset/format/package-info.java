/**
 * Files of images and arrays, as others write them: IDX, the binary matrices of SmallNORB, NumPy's
 * arrays and archives, folders of pictures. Knows bytes and shapes, nothing of studies. Whatever is
 * wrong with a file ends in a {@link FormatException} that names the file and the place in it.
 */
@NullMarked
package org.ratescope.dataset.format;

import org.jspecify.annotations.NullMarked;

