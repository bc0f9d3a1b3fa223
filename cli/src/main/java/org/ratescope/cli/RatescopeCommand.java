package org.ratescope.cli;

import org.ratescope.cli.data.DataCommand;
import org.ratescope.cli.help.CompletionCommand;
import org.ratescope.cli.help.HelpCommand;
import org.ratescope.cli.help.HelpLayout;
import org.ratescope.cli.model.BenchCommand;
import org.ratescope.cli.model.EvaluateCommand;
import org.ratescope.cli.option.StudyConverters;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.EscapingWriter;
import org.ratescope.cli.process.ExceptionHandlers;
import org.ratescope.cli.results.CleanCommand;
import org.ratescope.cli.results.CompareCommand;
import org.ratescope.cli.results.EncodeCommand;
import org.ratescope.cli.results.ExportCommand;
import org.ratescope.cli.results.ExportRecordsCommand;
import org.ratescope.cli.results.ListCommand;
import org.ratescope.cli.results.ShowCommand;
import org.ratescope.cli.start.AskCommand;
import org.ratescope.cli.start.InitCommand;
import org.ratescope.cli.study.AnswerCommand;
import org.ratescope.cli.study.ClaimsCommand;
import org.ratescope.cli.study.FigureCommand;
import org.ratescope.cli.study.PaperCommand;
import org.ratescope.cli.study.PlanCommand;
import org.ratescope.cli.study.QueryCommand;
import org.ratescope.cli.study.QuickstartCommand;
import org.ratescope.cli.study.ReportCommand;
import org.ratescope.cli.study.RetryCommand;
import org.ratescope.cli.study.RunCommand;
import org.ratescope.cli.study.StatusCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code ratescope}, which contains all others. */
@Command(
    name = "ratescope",
    description = "Rate-distortion studies of variational autoencoders.",
    versionProvider = Versions.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Examples:",
      "  ratescope quickstart             a small study and its report, in minutes",
      "  ratescope ask photos/            the same question about your own images",
      "  ratescope init                   write a study file to start from",
      "  ratescope plan study.yaml        show the cost of a study",
      "  ratescope run study.yaml         train and evaluate the missing runs",
      "  ratescope report study.yaml      write the results as one page",
      "  ratescope help run               the options of a command",
      "",
      "A study is a YAML file (docs/study-file.md)."
    })
final class RatescopeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      order = 8,
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help and exit.")
  @SuppressWarnings("UnusedVariable")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the versions of Ratescope, Java and the native engine, and exit.")
  @SuppressWarnings("UnusedVariable")
  private boolean version;

  @Option(
      names = "--stacktrace",
      order = 9,
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of an unexpected error.")
  private boolean stacktrace;

  /** All commands, ready to be executed. */
  static CommandLine commandLine(Environment surroundings) {
    RatescopeCommand top = new RatescopeCommand();
    CommandLine line = new CommandLine(top);
    line.addSubcommand(new QuickstartCommand(surroundings));
    line.addSubcommand(new AskCommand(surroundings));
    line.addSubcommand(new InitCommand(surroundings));
    line.addSubcommand(new PlanCommand(surroundings));
    line.addSubcommand(new RunCommand(surroundings));
    line.addSubcommand(new StatusCommand(surroundings));
    line.addSubcommand(new RetryCommand(surroundings));
    line.addSubcommand(new ReportCommand(surroundings));
    line.addSubcommand(new AnswerCommand(surroundings));
    line.addSubcommand(new FigureCommand(surroundings));
    line.addSubcommand(new QueryCommand(surroundings));
    line.addSubcommand(new ClaimsCommand(surroundings));
    line.addSubcommand(new EvaluateCommand(surroundings));
    line.addSubcommand(new ListCommand(surroundings));
    line.addSubcommand(new ShowCommand(surroundings));
    line.addSubcommand(new CompareCommand(surroundings));
    line.addSubcommand(new CleanCommand(surroundings));
    line.addSubcommand(new EncodeCommand(surroundings));
    line.addSubcommand(new ExportCommand(surroundings));
    line.addSubcommand(DataCommand.commandLine(surroundings));
    line.addSubcommand(new PaperCommand(surroundings));
    line.addSubcommand(new ExportRecordsCommand(surroundings));
    line.addSubcommand(new BenchCommand(surroundings));
    line.addSubcommand(new CompletionCommand());
    line.addSubcommand(new HelpCommand(surroundings));
    StudyConverters.register(line);
    ExceptionHandlers failures = new ExceptionHandlers(surroundings, () -> top.stacktrace);
    line.setParameterExceptionHandler(failures);
    line.setExecutionExceptionHandler(failures);
    line.setExecutionStrategy(parsed -> execute(parsed, failures, surroundings));
    return line;
  }

  /** Runs a command, or prints its help, which may be coloured. */
  private static int execute(
      ParseResult parsed, ExceptionHandlers failures, Environment surroundings) {
    for (CommandLine line : parsed.asCommandLineList()) {
      if (line.isUsageHelpRequested() || line.isVersionHelpRequested()) {
        line.setOut(EscapingWriter.raw(line.getOut()));
        HelpLayout.apply(line, surroundings.columns());
      }
    }
    return failures.execute(parsed);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }
}
