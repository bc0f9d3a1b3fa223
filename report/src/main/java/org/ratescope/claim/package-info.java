/** What the paper claims, judged from a study's or a suite's records; see docs/claims.md. */
@NullMarked
package org.ratescope.claim;

import org.jspecify.annotations.NullMarked;

