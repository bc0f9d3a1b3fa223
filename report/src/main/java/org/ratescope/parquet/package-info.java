/** The records of a study as Parquet files. */
@NullMarked
package org.ratescope.parquet;

import org.jspecify.annotations.NullMarked;
