/** Convolutions of one kernel and stride, the paper's. Start reading at {@link ConvolutionSpec}. */
@NullMarked
package org.ratescope.model.layer.convolution;

import org.jspecify.annotations.NullMarked;
