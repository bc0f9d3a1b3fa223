/** Studies and suites of studies: reading them from files, and expanding them into runs. */
@NullMarked
package org.ratescope.study;

import org.jspecify.annotations.NullMarked;
