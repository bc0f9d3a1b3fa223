@NullMarked
package org.ratescope.dataset;

import org.jspecify.annotations.NullMarked;
