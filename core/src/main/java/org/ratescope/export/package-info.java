/** Trained models for other programs: a PyTorch module, ONNX files, descriptions of data files. */
@NullMarked
package org.ratescope.export;

import org.jspecify.annotations.NullMarked;
