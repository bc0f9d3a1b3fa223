package org.ratescope.cli.process;

/** A call that cannot be carried out as it was made; the message is for people, in one line. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UsageException(String message) {
    super(message);
  }
}
