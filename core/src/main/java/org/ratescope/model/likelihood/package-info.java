/** Likelihoods p(x|z): distortion, its gradient, mean; one class each. */
@NullMarked
package org.ratescope.model.likelihood;

import org.jspecify.annotations.NullMarked;
