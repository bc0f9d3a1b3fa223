package org.ratescope.cli;

/** A call that cannot be carried out as it was made; the message is for people, in one line. */
final class WrongCall extends RuntimeException {
  private static final long serialVersionUID = 1;

  WrongCall(String message) {
    super(message);
  }
}
