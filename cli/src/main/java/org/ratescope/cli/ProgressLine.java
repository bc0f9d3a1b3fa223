package org.ratescope.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ratescope.track.Stage;
import org.ratescope.track.Stage.Runs;

/**
 * A {@link Stage} as a line for people. Plain letters only, so that every terminal and log shows
 * it.
 */
final class ProgressLine {
  private static final int LONGEST_BAR = 30;
  private static final int SHORTEST_BAR = 8;

  private ProgressLine() {}

  /**
   * A line with a bar, at most {@code width} characters: when there is less room, the least
   * important parts are left out first, then the line is cut.
   */
  static String forTerminal(Stage stage, int width) {
    String head = abbreviated(stage.what(), Math.max(SHORTEST_BAR, width / 3));
    List<String> parts = new ArrayList<>(details(stage));
    int room = width - head.length() - 1;
    while (parts.size() > 1 && length(parts) + SHORTEST_BAR + 3 > room) {
      parts.removeLast();
    }
    int bar = Math.min(LONGEST_BAR, room - length(parts) - 3);
    String line = head + (bar >= SHORTEST_BAR ? " " + bar(stage.share(), bar) : "");
    line += " " + String.join("  ", parts);
    return shortened(line, width);
  }

  private static String abbreviated(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 3) + "...";
  }

  private static String shortened(String text, int length) {
    return text.length() <= length ? text : text.substring(0, Math.max(0, length));
  }

  /** A line for a log file. */
  static String forLog(Stage stage) {
    return stage.what() + ": " + String.join(", ", details(stage));
  }

  private static int length(List<String> parts) {
    return String.join("  ", parts).length();
  }

  /** The most important first. */
  private static List<String> details(Stage stage) {
    List<String> parts = new ArrayList<>();
    parts.add("%3s %%".formatted((int) Math.floor(100 * stage.share())).strip());
    if (stage.runs().total() > 0) {
      parts.add(runs(stage.runs()));
    } else {
      parts.add(amounts(stage));
    }
    if (stage.remainingSeconds() >= 0) {
      parts.add(duration(stage.remainingSeconds()) + " left");
    }
    if (stage.stepsPerSecond() > 0) {
      parts.add(speed(stage));
    }
    parts.add(duration(stage.elapsedSeconds()) + " so far");
    return parts;
  }

  private static String amounts(Stage stage) {
    return switch (stage.unit()) {
      case THINGS -> count(stage.done()) + " of " + count(stage.total());
      case BYTES ->
          mebibytes((double) stage.done()) + " of " + mebibytes((double) stage.total()) + " MiB";
    };
  }

  private static String speed(Stage stage) {
    return switch (stage.unit()) {
      case THINGS ->
          count(Math.round(stage.stepsPerSecond()))
              + (stage.runs().total() > 0 ? " steps/s" : "/s");
      case BYTES -> mebibytes(stage.stepsPerSecond()) + " MiB/s";
    };
  }

  private static String mebibytes(double bytes) {
    return String.format(Locale.ROOT, "%,.1f", bytes / (1 << 20));
  }

  private static String runs(Runs runs) {
    String diverged = runs.diverged() > 0 ? "%s diverged, ".formatted(runs.diverged()) : "";
    return "%s/%s runs done, %s running, %s%s failed"
        .formatted(runs.finished(), runs.total(), runs.running(), diverged, runs.failed());
  }

  private static String bar(double share, int length) {
    int inner = length - 2;
    int full = (int) Math.floor(share * inner);
    return "[" + "#".repeat(full) + "-".repeat(inner - full) + "]";
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Seconds as 0:05, 12:34, 1:02:03 or 2 d 03:04. */
  static String duration(double seconds) {
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
