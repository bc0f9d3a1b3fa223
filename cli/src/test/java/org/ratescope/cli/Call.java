package org.ratescope.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.ratescope.cli.process.Environment;
import picocli.CommandLine;

/** A command that was executed in this process: its exit code and what it printed. */
public record Call(int code, String out, String err) {

  /** Executes a command as if the launcher stood in the root of the checkout. */
  public static Call of(Path cache, String... arguments) {
    return of(Map.of("RATESCOPE_CACHE", cache.toString()), false, arguments);
  }

  /** The same in a terminal with that many columns. */
  static Call inTerminal(Path cache, int columns, String... arguments) {
    return of(
        Map.of("RATESCOPE_CACHE", cache.toString(), "COLUMNS", "" + columns), true, arguments);
  }

  private static Call of(Map<String, String> variables, boolean terminal, String... arguments) {
    Environment surroundings = new Environment(variables, Path.of(".."), terminal, Path.of("."));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = RatescopeCommand.commandLine(surroundings);
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int code = line.execute(arguments);
    return new Call(code, out.toString(), err.toString());
  }
}
