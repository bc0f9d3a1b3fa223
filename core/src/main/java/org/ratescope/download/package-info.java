/** The raw files of named data sets: where they are, and how to get them. */
@NullMarked
package org.ratescope.download;

import org.jspecify.annotations.NullMarked;
