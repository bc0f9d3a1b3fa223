@NullMarked
package org.ratescope.bench;

import org.jspecify.annotations.NullMarked;
