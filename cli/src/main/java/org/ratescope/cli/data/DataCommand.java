package org.ratescope.cli.data;

import org.ratescope.cli.process.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code data}, which contains its sub-commands. */
@Command(
    name = "data",
    description = "List, download, build, describe, show and export data sets.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Examples:",
      "  ratescope data list",
      "  ratescope data get mnist",
      "  ratescope data describe tetrominoes --split cv:0.1 --json",
      "  ratescope data show tetrominoes:resolution=16 --out sheet.png"
    })
public final class DataCommand implements Runnable {
  @Spec private CommandSpec spec;

  public static CommandLine commandLine(Environment surroundings) {
    return new CommandLine(new DataCommand())
        .addSubcommand(new DataListCommand(surroundings))
        .addSubcommand(new DataGetCommand(surroundings))
        .addSubcommand(new DataBuildCommand(surroundings))
        .addSubcommand(new DataDescribeCommand(surroundings))
        .addSubcommand(new DataShowCommand(surroundings))
        .addSubcommand(new DataExportCommand(surroundings));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }
}
