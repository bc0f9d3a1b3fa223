/** The model and its equations, for K runs at once. */
@NullMarked
package org.ratescope.vae;

import org.jspecify.annotations.NullMarked;
