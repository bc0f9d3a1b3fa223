/**
 * The Tetrominoes of section 4.1: factors, images and splits as the authors' generator has them.
 */
@NullMarked
package org.ratescope.dataset.tetromino;

import org.jspecify.annotations.NullMarked;
