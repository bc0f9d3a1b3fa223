package org.ratescope.cli.process;

/** A usage error; the message is one line for users. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UsageException(String message) {
    super(message);
  }
}
