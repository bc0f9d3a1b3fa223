@NullMarked
package org.ratescope.measure;

import org.jspecify.annotations.NullMarked;
