/** Options of several commands, and converters of their values. */
@NullMarked
package org.ratescope.cli.option;

import org.jspecify.annotations.NullMarked;
