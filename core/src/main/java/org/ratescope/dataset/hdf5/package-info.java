/**
 * Arrays of numbers and texts in HDF5 files, read part by part: contiguous, compact or in chunks,
 * with the filters deflate, shuffle and fletcher32. Follows the HDF5 File Format Specification,
 * version 3.0, as far as arrays need it. Every length in a file is checked against the file before
 * memory is allocated for it.
 */
@NullMarked
package org.ratescope.dataset.hdf5;

import org.jspecify.annotations.NullMarked;
