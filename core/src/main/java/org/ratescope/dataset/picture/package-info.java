/** Picture files and folders of them. The readers know samples and names only. */
@NullMarked
package org.ratescope.dataset.picture;

import org.jspecify.annotations.NullMarked;
