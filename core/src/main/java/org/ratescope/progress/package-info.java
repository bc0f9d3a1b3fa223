/**
 * Progress of a sweep, told to listeners: the terminal, TensorBoard event files, MLflow, the live
 * page. A tracker can neither slow a sweep down nor make it fail.
 */
@NullMarked
package org.ratescope.progress;

import org.jspecify.annotations.NullMarked;
