/**
 * Tells others how a sweep goes: TensorBoard event files, an MLflow server, any {@link
 * org.ratescope.track.Sink}. None of it can slow a sweep or make it fail.
 */
@NullMarked
package org.ratescope.progress;

import org.jspecify.annotations.NullMarked;

