@NullMarked
package org.ratescope.source;

import org.jspecify.annotations.NullMarked;
