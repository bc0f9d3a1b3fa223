@NullMarked
package org.ratescope.data;

import org.jspecify.annotations.NullMarked;
