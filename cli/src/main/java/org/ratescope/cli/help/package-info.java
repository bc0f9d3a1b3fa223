/** Commands about the command line itself. */
@NullMarked
package org.ratescope.cli.help;

import org.jspecify.annotations.NullMarked;
