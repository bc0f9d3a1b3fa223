/** Likelihoods p(x|z): distortion, its gradient, mean. */
@NullMarked
package org.ratescope.model.likelihood;

import org.jspecify.annotations.NullMarked;
