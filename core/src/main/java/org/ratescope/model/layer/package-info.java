/**
 * Layers: shapes and initialisation of parameters, forward and backward pass for K runs at once.
 */
@NullMarked
package org.ratescope.model.layer;

import org.jspecify.annotations.NullMarked;
