@NullMarked
package org.ratescope.dataset.source;

import org.jspecify.annotations.NullMarked;
