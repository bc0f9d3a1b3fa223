@NullMarked
package org.ratescope.dataset.hdf5;

import org.jspecify.annotations.NullMarked;
