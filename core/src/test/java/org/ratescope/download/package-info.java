@NullMarked
package org.ratescope.download;

import org.jspecify.annotations.NullMarked;
