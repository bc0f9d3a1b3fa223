/** Tests of findings and report page, over generated records. */
@NullMarked
package org.ratescope.page;

import org.jspecify.annotations.NullMarked;
