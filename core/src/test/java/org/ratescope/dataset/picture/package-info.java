@NullMarked
package org.ratescope.dataset.picture;

import org.jspecify.annotations.NullMarked;
