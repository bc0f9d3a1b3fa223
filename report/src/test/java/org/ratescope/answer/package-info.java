@org.jspecify.annotations.NullMarked
package org.ratescope.answer;
