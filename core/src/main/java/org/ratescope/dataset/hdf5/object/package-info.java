/**
 * The parts of an HDF5 object header: data types, dataspaces, filters, fill values, storage layout.
 */
@NullMarked
package org.ratescope.dataset.hdf5.object;

import org.jspecify.annotations.NullMarked;
