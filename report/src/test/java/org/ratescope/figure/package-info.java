/** Tests of tables and figures, over generated records. */
@NullMarked
package org.ratescope.figure;

import org.jspecify.annotations.NullMarked;
