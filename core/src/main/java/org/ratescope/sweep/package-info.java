/** Carries out a plan: tasks, workers, several processes, resuming. */
@NullMarked
package org.ratescope.sweep;

import org.jspecify.annotations.NullMarked;
