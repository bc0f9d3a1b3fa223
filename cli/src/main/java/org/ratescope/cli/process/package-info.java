/**
 * The process of a command: exit codes, standard streams, error messages, terminal progress,
 * shutdown.
 */
@NullMarked
package org.ratescope.cli.process;

import org.jspecify.annotations.NullMarked;
