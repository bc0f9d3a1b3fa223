/**
 * Files of data sets: downloads over HTTP with resume, files that the user supplies, verification
 * of their content.
 */
@NullMarked
package org.ratescope.dataset.download;

import org.jspecify.annotations.NullMarked;
