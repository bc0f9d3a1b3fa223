/** The VAE and its equations, for K runs at once, and its weights as files. */
@NullMarked
package org.ratescope.model;

import org.jspecify.annotations.NullMarked;
