/** Text forms of values: parsers, range checks and the words of messages. */
@NullMarked
package org.ratescope.spec.text;

import org.jspecify.annotations.NullMarked;
