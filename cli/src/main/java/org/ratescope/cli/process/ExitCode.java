package org.ratescope.cli.process;

/**
 * The exit codes of the process. A process that is told to stop ends with 130 (Ctrl-C) or 143
 * (SIGTERM), which the virtual machine sets.
 */
public final class ExitCode {
  public static final int SUCCESS = 0;

  /** Runs failed, or an error occurred that the caller did not cause. */
  public static final int FAILED = 1;

  /** A usage error: an unknown option, or an invalid study file. */
  public static final int WRONG_CALL = 2;

  private ExitCode() {}
}
