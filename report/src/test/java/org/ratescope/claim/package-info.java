@NullMarked
package org.ratescope.claim;

import org.jspecify.annotations.NullMarked;
