/**
 * The data sets that are read from files, each as an {@link org.ratescope.data.ImageSource}, and
 * the door to all images, {@link org.ratescope.source.ImageLibrary}.
 */
@NullMarked
package org.ratescope.dataset.source;

import org.jspecify.annotations.NullMarked;

