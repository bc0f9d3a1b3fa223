/** Libtorch from Java: loading it, devices, copies between Java and tensors, fused Adam. */
@NullMarked
package org.ratescope.tensor;

import org.jspecify.annotations.NullMarked;
