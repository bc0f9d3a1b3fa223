package org.ratescope.cli.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ratescope.progress.ProgressSnapshot;
import org.ratescope.progress.ProgressSnapshot.Runs;
import org.ratescope.progress.ProgressSnapshot.Unit;

/** A {@link ProgressSnapshot} as a line of ASCII, which every terminal and log shows. */
public final class ProgressLine {
  private static final int LONGEST_BAR = 30;
  private static final int SHORTEST_BAR = 8;

  private ProgressLine() {}

  /**
   * A line with a bar, at most {@code width} characters. When these do not suffice, the line leaves
   * out the least important parts, then its end.
   */
  static String forTerminal(ProgressSnapshot stage, int width) {
    String head = abbreviated(stage.what(), Math.max(SHORTEST_BAR, width / 3));
    List<String> parts = details(stage);
    int free = width - head.length() - 4;
    while (parts.size() > 1 && String.join("  ", parts).length() + SHORTEST_BAR > free) {
      parts.removeLast();
    }
    String text = String.join("  ", parts);
    int bar = Math.min(LONGEST_BAR, free - text.length());
    String line = head + (bar >= SHORTEST_BAR ? " " + bar(stage.share(), bar) : "") + " " + text;
    return line.substring(0, Math.min(line.length(), width));
  }

  private static String abbreviated(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 3) + "...";
  }

  /** A line for a log file. */
  static String forLog(ProgressSnapshot stage) {
    return stage.what() + ": " + String.join(", ", details(stage));
  }

  /** The most important first. */
  private static List<String> details(ProgressSnapshot stage) {
    boolean bytes = stage.unit() == Unit.BYTES;
    boolean ofRuns = stage.runs().total() > 0;
    List<String> parts = new ArrayList<>();
    parts.add((int) Math.floor(100 * stage.share()) + " %");
    parts.add(
        ofRuns ? runs(stage.runs()) : amount((double) stage.done(), bytes) + " of " + total(stage));
    if (stage.remainingSeconds() >= 0) {
      parts.add(duration(stage.remainingSeconds()) + " left");
    }
    if (stage.stepsPerSecond() > 0) {
      String unit = bytes ? " MiB/s" : ofRuns ? " steps/s" : "/s";
      parts.add(amount(stage.stepsPerSecond(), bytes) + unit);
    }
    parts.add(duration(stage.elapsedSeconds()) + " so far");
    return parts;
  }

  private static String total(ProgressSnapshot stage) {
    boolean bytes = stage.unit() == Unit.BYTES;
    return amount((double) stage.total(), bytes) + (bytes ? " MiB" : "");
  }

  private static String amount(double number, boolean bytes) {
    return bytes
        ? String.format(Locale.ROOT, "%,.1f", number / (1 << 20))
        : count(Math.round(number));
  }

  private static String runs(Runs runs) {
    String diverged = runs.diverged() > 0 ? runs.diverged() + " diverged, " : "";
    String running =
        runs.estimating() == 0
            ? runs.running() + " running"
            : "%s training, %s estimating"
                .formatted(runs.running() - runs.estimating(), runs.estimating());
    return "%s/%s runs done, %s, %s%s failed"
        .formatted(runs.finished(), runs.total(), running, diverged, runs.failed());
  }

  private static String bar(double share, int length) {
    int full = (int) Math.floor(share * (length - 2));
    return "[" + "#".repeat(full) + "-".repeat(length - 2 - full) + "]";
  }

  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Seconds as 0:05, 12:34, 1:02:03 or 2 d 03:04. */
  public static String duration(double seconds) {
    long whole = Math.round(seconds);
    long days = whole / 86_400;
    long hours = whole / 3600 % 24;
    long minutes = whole / 60 % 60;
    if (days > 0) {
      return String.format(Locale.ROOT, "%d d %02d:%02d", days, hours, minutes);
    }
    return hours > 0
        ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, minutes, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d", minutes, whole % 60);
  }
}
