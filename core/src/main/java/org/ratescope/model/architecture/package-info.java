/**
 * Architectures as layers, one class each. Start reading at {@link NetworkArchitecture}; {@link
 * ResidualMlp} shows skip connections and a layer without own gradients.
 */
@NullMarked
package org.ratescope.model.architecture;

import org.jspecify.annotations.NullMarked;
