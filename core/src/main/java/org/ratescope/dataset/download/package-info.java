/**
 * Files of data sets: getting them over HTTP or from files a person has, checking their content,
 * and finding them again.
 */
@NullMarked
package org.ratescope.dataset.download;

import org.jspecify.annotations.NullMarked;

