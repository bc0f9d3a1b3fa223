package org.ratescope.cli.help;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ratescope.cli.process.Environment;
import org.ratescope.cli.process.EscapingWriter;
import org.ratescope.cli.process.ExitCode;
import org.ratescope.cli.process.UsageException;
import org.ratescope.spec.text.Wording;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code help}. */
@Command(
    name = "help",
    description = {
      "Show the help of a command, as COMMAND --help does.",
      "Without a command, shows all commands."
    },
    footer = {
      "",
      "Examples:",
      "  ratescope help",
      "  ratescope help run",
      "  ratescope help data get"
    })
public final class HelpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The command.")
  private List<String> words = new ArrayList<>();

  private final Environment surroundings;

  public HelpCommand(Environment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    CommandLine here = spec.root().commandLine();
    for (String word : words) {
      CommandLine next = here.getSubcommands().get(word);
      if (next == null) {
        List<String> names = List.copyOf(here.getSubcommands().keySet());
        throw new UsageException(
            names.isEmpty()
                ? "got \"%s\"; '%s' has no sub-commands"
                    .formatted(word, here.getCommandSpec().qualifiedName())
                : "got command %s; expected %s%s"
                    .formatted(
                        Wording.quoted(word),
                        String.join(", ", names),
                        Wording.didYouMean(word, names)));
      }
      here = next;
    }
    HelpLayout.apply(here, surroundings.columns());
    here.usage(EscapingWriter.raw(spec.commandLine().getOut()), here.getColorScheme());
    return ExitCode.SUCCESS;
  }
}
