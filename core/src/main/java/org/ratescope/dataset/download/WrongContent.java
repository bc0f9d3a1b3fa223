package org.ratescope.dataset.download;

import java.io.IOException;
import java.io.Serial;

/** Content that is not what the catalogue says; the message completes "the content ...". */
final class WrongContent extends IOException {
  @Serial private static final long serialVersionUID = 1;

  WrongContent(String message) {
    super(message);
  }
}
