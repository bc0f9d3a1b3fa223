package org.ratescope.cli.model;

import java.util.List;
import org.ratescope.cli.process.UsageException;
import picocli.CommandLine.Model.CommandSpec;

/** Options that one form of a command does not read. */
final class UnusedOptions {
  private UnusedOptions() {}

  /**
   * Checks that none of these options is given.
   *
   * @param where what makes them useless, after "has no effect"
   * @throws UsageException naming the first given option
   */
  static void refuse(CommandSpec spec, List<String> options, String where) {
    for (String option : options) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new UsageException("%s has no effect %s".formatted(option, where));
      }
    }
  }
}
