/** Commands that write a first study. */
@NullMarked
package org.ratescope.cli.start;

import org.jspecify.annotations.NullMarked;
