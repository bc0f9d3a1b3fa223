/** The answer of a study: whether the rate term helps its models generalise, with uncertainty. */
@NullMarked
package org.ratescope.answer;

import org.jspecify.annotations.NullMarked;
