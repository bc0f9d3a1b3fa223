package org.ratescope.cli.study;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What to type next, at the end of a command.
 *
 * @param lines each a command and what it does
 */
public record NextCommand(List<Line> lines) {
  private static final String START = "  ratescope ";
  private static final String GAP = "   # ";
  private static final int COLUMNS = 80;

  public NextCommand {
    lines = List.copyOf(lines);
  }

  /**
   * One suggestion.
   *
   * @param command the command without the name of the program
   * @param purpose what it does
   */
  public record Line(String command, String purpose) {}

  /**
   * The commands that make sense after a run.
   *
   * @param study the study and its options, as the user named them
   */
  static NextCommand afterRun(StudyStatus status, String study) {
    List<Line> lines = new ArrayList<>();
    if (status.missing() > 0) {
      lines.add(new Line("run " + study, "train the missing runs"));
    }
    if (status.troubles().stream().anyMatch(t -> t.outcome().word().equals("failed"))) {
      lines.add(new Line("retry " + study, "let 'run' train the failed runs again"));
    }
    if (status.finished() > 0) {
      lines.add(new Line("report " + study, "write figures and tables as one page"));
    }
    return new NextCommand(lines);
  }

  /** Prints the commands, with what they do beside them if that fits, else above them. */
  public void print(PrintWriter out) {
    if (lines.isEmpty()) {
      return;
    }
    out.println();
    out.println("Next:");
    int width = lines.stream().mapToInt(line -> line.command().length()).max().orElse(0);
    int purpose = lines.stream().mapToInt(line -> line.purpose().length()).max().orElse(0);
    boolean fits = START.length() + width + GAP.length() + purpose <= COLUMNS;
    for (Line line : lines) {
      if (fits) {
        String blank = " ".repeat(width - line.command().length());
        out.println(START + line.command() + blank + GAP + line.purpose());
      } else {
        out.println("  # " + line.purpose());
        out.println(START + line.command());
      }
    }
    out.flush();
  }
}
