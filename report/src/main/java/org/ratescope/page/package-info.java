/** What a study found, in sentences, and the self-contained page that shows it. */
@NullMarked
package org.ratescope.page;

import org.jspecify.annotations.NullMarked;

