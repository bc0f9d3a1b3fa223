/** Carries out a plan: tasks, workers, several processes, resume. */
@NullMarked
package org.ratescope.sweep;

import org.jspecify.annotations.NullMarked;
