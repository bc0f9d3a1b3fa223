/** The report: what a study found, in sentences, and one self-contained page that shows it. */
@NullMarked
package org.ratescope.page;

import org.jspecify.annotations.NullMarked;
