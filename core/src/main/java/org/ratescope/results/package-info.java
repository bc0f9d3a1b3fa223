/** What a run leaves behind: the values of a record, as docs/record-format.md describes them. */
@NullMarked
package org.ratescope.results;

import org.jspecify.annotations.NullMarked;
