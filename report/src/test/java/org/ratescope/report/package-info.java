/** Tests of findings and report page, over generated records. */
@NullMarked
package org.ratescope.report;

import org.jspecify.annotations.NullMarked;
