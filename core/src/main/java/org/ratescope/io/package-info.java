/** Files written atomically, digests, folder locks, identities of processes, files in jars. */
@NullMarked
package org.ratescope.io;

import org.jspecify.annotations.NullMarked;
