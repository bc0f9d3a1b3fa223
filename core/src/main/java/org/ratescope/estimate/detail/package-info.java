/**
 * Results for single examples: memorised images, latent planes, exemplars, difficulty of a split.
 */
@NullMarked
package org.ratescope.estimate.detail;

import org.jspecify.annotations.NullMarked;
