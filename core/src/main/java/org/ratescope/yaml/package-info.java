/**
 * YAML as nodes that know their file, line and key, and values parsed from them; each error says
 * what came and what is expected.
 */
@NullMarked
package org.ratescope.yaml;

import org.jspecify.annotations.NullMarked;
