/** A study and a suite of studies, and how they are read from files and expanded into runs. */
@NullMarked
package org.ratescope.study;

import org.jspecify.annotations.NullMarked;
