package org.ratescope.dataset;

import java.io.IOException;
import java.io.Serial;

/** Cached images that differ from what was built; the message names the difference. */
public final class DamagedImages extends IOException {
  @Serial private static final long serialVersionUID = 1;

  public DamagedImages(String message) {
    super(message);
  }
}
