/** Commands about data sets. */
@NullMarked
package org.ratescope.cli.data;

import org.jspecify.annotations.NullMarked;
