/** What a study found, in sentences, and the self-contained page that shows it. */
@NullMarked
package org.ratescope.report;

import org.jspecify.annotations.NullMarked;
