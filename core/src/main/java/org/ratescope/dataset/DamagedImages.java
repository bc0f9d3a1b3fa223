package org.ratescope.dataset;

import java.io.IOException;
import java.io.Serial;

/** Kept images that are not what was once built; the message says in what. */
public final class DamagedImages extends IOException {
  @Serial private static final long serialVersionUID = 1;

  public DamagedImages(String message) {
    super(message);
  }
}
