/**
 * The remaining work of a study: its runs, their cohorts and their cost; and the check that the
 * images are still those of the records.
 */
@NullMarked
package org.ratescope.plan;

import org.jspecify.annotations.NullMarked;
