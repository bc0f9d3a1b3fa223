/** Commands about studies: plan, run, status, figures, report. */
@NullMarked
package org.ratescope.cli.study;

import org.jspecify.annotations.NullMarked;
