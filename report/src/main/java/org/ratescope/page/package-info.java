/** The report: the findings of a study in sentences, and one self-contained page. */
@NullMarked
package org.ratescope.page;

import org.jspecify.annotations.NullMarked;
