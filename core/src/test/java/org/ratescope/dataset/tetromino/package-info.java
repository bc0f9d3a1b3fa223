@NullMarked
package org.ratescope.dataset.tetromino;

import org.jspecify.annotations.NullMarked;
