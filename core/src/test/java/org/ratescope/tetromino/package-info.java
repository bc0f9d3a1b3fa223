@NullMarked
package org.ratescope.tetromino;

import org.jspecify.annotations.NullMarked;
