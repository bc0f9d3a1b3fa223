/**
 * The command line: one small class for each command, each calling one method. The only package
 * that prints, ends the process or reads the environment.
 */
@NullMarked
package org.ratescope.cli;

import org.jspecify.annotations.NullMarked;

