@NullMarked
package org.ratescope.hdf5;

import org.jspecify.annotations.NullMarked;
