/** Commands about what is on disk: studies, results folders and single runs. */
@NullMarked
package org.ratescope.cli.results;

import org.jspecify.annotations.NullMarked;
