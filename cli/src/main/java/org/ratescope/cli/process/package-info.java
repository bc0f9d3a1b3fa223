/**
 * The process around a command: exit codes, standard streams, errors as sentences, terminal
 * progress, shutdown.
 */
@NullMarked
package org.ratescope.cli.process;

import org.jspecify.annotations.NullMarked;
