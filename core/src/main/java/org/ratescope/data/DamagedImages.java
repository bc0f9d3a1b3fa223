package org.ratescope.data;

import java.io.IOException;
import java.io.Serial;

/** Kept images that are not what was once built; the message says in what. */
final class DamagedImages extends IOException {
  @Serial private static final long serialVersionUID = 1;

  DamagedImages(String message) {
    super(message);
  }
}
