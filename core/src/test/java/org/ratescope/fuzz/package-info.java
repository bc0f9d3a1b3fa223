@NullMarked
package org.ratescope.fuzz;

import org.jspecify.annotations.NullMarked;
