/** Runs studies on Apache Spark: a task is a cohort. */
@NullMarked
package org.ratescope.spark;

import org.jspecify.annotations.NullMarked;
