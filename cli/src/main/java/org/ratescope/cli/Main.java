package org.ratescope.cli;

/** Where the process begins and ends; public, since spark-submit looks for it. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(RatescopeCommand.commandLine(Surroundings.ofProcess()).execute(arguments));
  }
}
