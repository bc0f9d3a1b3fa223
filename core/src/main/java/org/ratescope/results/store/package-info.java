/** The results folder: records, details and weights as files with checksums. */
@NullMarked
package org.ratescope.results.store;

import org.jspecify.annotations.NullMarked;
