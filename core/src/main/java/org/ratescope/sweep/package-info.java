/** Plans a study, carries it out, resumes it and skips what is done. */
@NullMarked
package org.ratescope.sweep;

import org.jspecify.annotations.NullMarked;

