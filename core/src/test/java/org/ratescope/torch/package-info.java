@NullMarked
package org.ratescope.torch;

import org.jspecify.annotations.NullMarked;
