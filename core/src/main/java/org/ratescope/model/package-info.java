/** The model and its equations, for K runs at once. */
@NullMarked
package org.ratescope.model;

import org.jspecify.annotations.NullMarked;

