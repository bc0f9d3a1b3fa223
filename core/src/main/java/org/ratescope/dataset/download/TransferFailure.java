package org.ratescope.dataset.download;

import java.io.IOException;
import java.io.Serial;

/** The reason why one mirror does not give a file; the next mirror may give it. */
final class TransferFailure extends IOException {
  @Serial private static final long serialVersionUID = 1;

  TransferFailure(String message) {
    super(message);
  }
}
