@NullMarked
package org.ratescope.dataset.catalogue;

import org.jspecify.annotations.NullMarked;
