/** What is to be done for a study: which runs, in which cohorts, and at what cost. */
@NullMarked
package org.ratescope.plan;

import org.jspecify.annotations.NullMarked;

