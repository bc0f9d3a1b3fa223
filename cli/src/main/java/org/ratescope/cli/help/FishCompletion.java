package org.ratescope.cli.help;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A completion script for fish: a line for each command and option, with its purpose. A command is
 * completed where no other one has been typed; an option after its command.
 */
final class FishCompletion {
  private final String program;
  private final List<String> lines = new ArrayList<>();

  private FishCompletion(String program) {
    this.program = program;
  }

  static String script(CommandSpec root) {
    FishCompletion completion = new FishCompletion(root.name());
    completion.add(root, "__fish_use_subcommand");
    return String.join("\n", completion.lines) + "\n";
  }

  /**
   * Adds the lines of a command and its sub-commands.
   *
   * @param condition the fish command that tells whether the cursor is after this command
   */
  private void add(CommandSpec command, String condition) {
    Set<String> names = new LinkedHashSet<>(command.subcommands().keySet());
    String inside =
        condition.equals("__fish_use_subcommand")
            ? condition
            : condition
                + (names.isEmpty()
                    ? ""
                    : "; and not __fish_seen_subcommand_from " + String.join(" ", names));
    for (CommandLine sub : command.subcommands().values()) {
      CommandSpec spec = sub.getCommandSpec();
      String[] purpose = spec.usageMessage().description();
      lines.add(
          "complete -c %s -f -n %s -a %s -d %s"
              .formatted(
                  program,
                  quoted(inside),
                  quoted(spec.name()),
                  quoted(purpose.length == 0 ? "" : purpose[0])));
      String seen = "__fish_seen_subcommand_from " + spec.name();
      add(spec, condition.equals("__fish_use_subcommand") ? seen : condition + "; and " + seen);
    }
    for (OptionSpec option : command.options()) {
      addOption(option, condition);
    }
  }

  private void addOption(OptionSpec option, String condition) {
    StringBuilder line = new StringBuilder("complete -c " + program + " -n " + quoted(condition));
    for (String name : option.names()) {
      line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    line.append(option.arity().max() > 0 ? " -r" : "");
    String[] text = option.description();
    line.append(" -d ").append(quoted(text.length == 0 ? "" : firstSentence(text[0])));
    lines.add(line.toString());
  }

  private static String firstSentence(String text) {
    int end = text.indexOf(". ");
    return (end < 0 ? text : text.substring(0, end + 1)).replaceAll(" \\(default:.*", "");
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
