/** The Tetrominoes of section 4.1: factors, images and splits as in the authors' generator. */
@NullMarked
package org.ratescope.dataset.tetromino;

import org.jspecify.annotations.NullMarked;
