package org.ratescope.cli.process;

/** Words of commands that messages suggest, for pasting into a POSIX shell. */
public final class ShellWord {
  private ShellWord() {}

  /** The word as it is, or in single quotes if the shell would change it. */
  public static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
