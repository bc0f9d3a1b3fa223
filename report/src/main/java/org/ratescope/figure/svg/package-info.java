/** SVG files: texts as paths, a check that nothing in them is active, PNG images from them. */
@NullMarked
package org.ratescope.figure.svg;

import org.jspecify.annotations.NullMarked;
