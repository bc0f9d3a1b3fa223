/**
 * The few verbs added to libtorch's Java binding: loading it, copying between host and tensors,
 * calling an operator by name.
 */
@NullMarked
package org.ratescope.tensor;

import org.jspecify.annotations.NullMarked;

