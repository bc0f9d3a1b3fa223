@NullMarked
package org.ratescope.format;

import org.jspecify.annotations.NullMarked;
