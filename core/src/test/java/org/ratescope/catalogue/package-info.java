@NullMarked
package org.ratescope.catalogue;

import org.jspecify.annotations.NullMarked;
