@NullMarked
package org.ratescope.dataset.download;

import org.jspecify.annotations.NullMarked;
