/**
 * Runs as pure, validated values: architecture, likelihood, objective, training, split; their
 * canonical text, id and randomness.
 */
@NullMarked
package org.ratescope.spec;

import org.jspecify.annotations.NullMarked;
