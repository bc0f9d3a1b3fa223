/** Commands about single models and about speed. */
@NullMarked
package org.ratescope.cli.model;

import org.jspecify.annotations.NullMarked;
