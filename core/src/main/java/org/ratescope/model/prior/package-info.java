/**
 * Priors p(z): density, sampling, gradients; one class each. Start reading at {@link
 * org.ratescope.spec.Prior}.
 */
@NullMarked
package org.ratescope.model.prior;

import org.jspecify.annotations.NullMarked;
