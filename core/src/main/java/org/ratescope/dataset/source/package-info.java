/**
 * The data sets that are read from files, each as an {@link org.ratescope.dataset.ImageSource}, and
 * the entry point to all images, {@link org.ratescope.dataset.source.ImageLibrary}.
 */
@NullMarked
package org.ratescope.dataset.source;

import org.jspecify.annotations.NullMarked;
