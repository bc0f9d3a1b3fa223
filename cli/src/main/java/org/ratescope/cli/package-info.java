/**
 * The command line. Only this package and those below it print, end the process or read the
 * environment.
 */
@NullMarked
package org.ratescope.cli;

import org.jspecify.annotations.NullMarked;
