/**
 * The vocabulary of a study: pure, validated values, the file they are read from, and their
 * expansion into runs.
 */
@NullMarked
package org.ratescope.spec;

import org.jspecify.annotations.NullMarked;

