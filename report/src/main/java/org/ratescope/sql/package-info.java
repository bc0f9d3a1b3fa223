/** Records as tables in DuckDB, and queries over them. */
@NullMarked
package org.ratescope.sql;

import org.jspecify.annotations.NullMarked;
