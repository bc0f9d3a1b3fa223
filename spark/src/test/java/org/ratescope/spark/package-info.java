/** Tests on a real cluster of processes. */
@NullMarked
package org.ratescope.spark;

import org.jspecify.annotations.NullMarked;
