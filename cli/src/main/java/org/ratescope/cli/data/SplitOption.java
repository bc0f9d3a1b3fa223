package org.ratescope.cli.data;

import org.ratescope.spec.Split;
import picocli.CommandLine.Option;

/** The option {@code --split} of commands on one data set. */
final class SplitOption {
  @Option(
      names = "--split",
      paramLabel = "SPLIT",
      defaultValue = "default",
      description =
          "default, official, checkerboard[:CELLS], heldout:CLASS, cv:RATIO (constant volume) or"
              + " cd:RATIO (constant density) (default: ${DEFAULT-VALUE}).")
  private Split split;

  Split split() {
    return split;
  }
}
