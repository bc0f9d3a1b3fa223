package org.ratescope.cli.help;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The layout of help texts: options in the order in which a reader needs them, and examples that
 * fit the terminal. A long example continues in the next line, indented, after a backslash, but is
 * not broken inside quotes; a comment that does not fit stands in a line of its own.
 */
public final class HelpLayout {
  private static final int NARROWEST = 55; // picocli's limit
  private static final int WIDEST = 120;
  private static final String INDENT = "      ";

  /** A word of a shell; spaces inside quotes belong to it. */
  private static final Pattern WORD = Pattern.compile("(?:'[^']*'|\"[^\"]*\"|[^ ])+");

  private HelpLayout() {}

  /** Prepares a command, just before its help is printed. */
  public static void apply(CommandLine line, IntSupplier columns) {
    int width = Math.clamp(columns.getAsInt(), NARROWEST, WIDEST);
    UsageMessageSpec usage = line.getCommandSpec().usageMessage();
    usage.width(width);
    usage.sortOptions(false);
    usage.sortSynopsis(false);
    List<String> footer = new ArrayList<>();
    for (String text : usage.footer()) {
      footer.addAll(text.startsWith("  ") ? example(text, width - 1) : List.of(text));
    }
    usage.footer(footer.toArray(String[]::new));
  }

  /** An example, two spaces before it, as lines of at most that width. */
  static List<String> example(String text, int width) {
    if (text.length() <= width) {
      return List.of(text);
    }
    String[] parts = text.strip().split(" {3,}", 2);
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder("  ");
    for (String word : WORD.matcher(parts[0]).results().map(MatchResult::group).toList()) {
      boolean starts = line.toString().isBlank();
      if (!starts && line.length() + 1 + word.length() + 2 > width) {
        lines.add(line + " \\");
        line = new StringBuilder(INDENT).append(word);
      } else {
        line.append(starts ? "" : " ").append(word);
      }
    }
    lines.add(line.toString());
    if (parts.length == 2) {
      lines.add(INDENT + "# " + parts[1].strip());
    }
    return lines;
  }
}
