@NullMarked
package org.ratescope.tensor;

import org.jspecify.annotations.NullMarked;
