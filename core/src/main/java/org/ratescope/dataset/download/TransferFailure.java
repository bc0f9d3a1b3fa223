package org.ratescope.dataset.download;

import java.io.IOException;
import java.io.Serial;

/** What went wrong with one mirror, for people. The next mirror may do better. */
final class TransferFailure extends IOException {
  @Serial private static final long serialVersionUID = 1;

  private final boolean cutOff;

  private TransferFailure(String message, boolean cutOff) {
    super(message);
    this.cutOff = cutOff;
  }

  /** The mirror refuses, lies or is silent. */
  static TransferFailure of(String message) {
    return new TransferFailure(message, false);
  }

  /** The connection broke; what has come is good, and the same mirror may send the rest. */
  static TransferFailure cutOff(String message) {
    return new TransferFailure(message, true);
  }

  boolean isCutOff() {
    return cutOff;
  }
}
