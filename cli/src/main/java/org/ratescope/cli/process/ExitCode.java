package org.ratescope.cli.process;

/**
 * What the process tells its caller. One that is told to stop ends with 130 (Ctrl-C) or 143
 * (SIGTERM), which is the virtual machine's doing.
 */
public final class ExitCode {
  public static final int SUCCESS = 0;

  /** Runs failed, or something went wrong that is not the caller's doing. */
  public static final int FAILED = 1;

  /** A wrong call: an unknown option, or a study file that says something that is not allowed. */
  public static final int WRONG_CALL = 2;

  private ExitCode() {}
}
