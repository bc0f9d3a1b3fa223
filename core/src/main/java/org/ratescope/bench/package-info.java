/**
 * What this machine can do at best, and how near training comes to it, beside a loop as a PyTorch
 * user writes it.
 */
@NullMarked
package org.ratescope.bench;

import org.jspecify.annotations.NullMarked;

