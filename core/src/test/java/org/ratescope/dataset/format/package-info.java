@NullMarked
package org.ratescope.dataset.format;

import org.jspecify.annotations.NullMarked;
