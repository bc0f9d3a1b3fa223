/**
 * What a generalisation gap is made of: the encoder's part and the decoder's, the rate–distortion
 * curve without the encoder, copies of training images. Start reading at {@link AmortizationGap}.
 */
@NullMarked
package org.ratescope.estimate.gap;

import org.jspecify.annotations.NullMarked;
