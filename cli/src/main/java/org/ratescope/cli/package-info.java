/**
 * The command line. Only this package and its sub-packages print, end the process or read the
 * environment.
 */
@NullMarked
package org.ratescope.cli;

import org.jspecify.annotations.NullMarked;
