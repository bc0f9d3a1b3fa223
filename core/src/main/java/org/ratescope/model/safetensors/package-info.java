/**
 * The safetensors file format without libtorch: the header, checked by the rules of the reference
 * library, and the checksum that Ratescope adds.
 */
@NullMarked
package org.ratescope.model.safetensors;

import org.jspecify.annotations.NullMarked;
