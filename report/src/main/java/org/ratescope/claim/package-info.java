/** The paper's claims, judged from the records of a study or a suite; see docs/claims.md. */
@NullMarked
package org.ratescope.claim;

import org.jspecify.annotations.NullMarked;
