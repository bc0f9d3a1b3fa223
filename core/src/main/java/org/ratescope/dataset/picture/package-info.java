/** Picture files and folders of them. The readers know only samples and names. */
@NullMarked
package org.ratescope.dataset.picture;

import org.jspecify.annotations.NullMarked;
