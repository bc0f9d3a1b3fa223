@NullMarked
package org.ratescope.statistic;

import org.jspecify.annotations.NullMarked;
