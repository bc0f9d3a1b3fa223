/**
 * YAML as nodes with file, line and key, and parsers for values. Each error gives the value found
 * and the values expected.
 */
@NullMarked
package org.ratescope.yaml;

import org.jspecify.annotations.NullMarked;
