@NullMarked
package org.ratescope.format.picture;

import org.jspecify.annotations.NullMarked;
