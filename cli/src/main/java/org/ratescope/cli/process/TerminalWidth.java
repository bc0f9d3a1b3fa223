package org.ratescope.cli.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The columns of the terminal: the variable {@code COLUMNS} where it is set, else what {@code stty
 * size} says, asked again every two seconds since windows are resized.
 */
final class TerminalWidth implements IntSupplier {
  private static final long ASK_NANOS = 2_000_000_000L;
  private static final Pattern SIZE = Pattern.compile("\\d+ (\\d+)\\s*");

  private final String columns;
  private final LongSupplier nanoTime;
  private long asked;
  private int width;

  TerminalWidth(Environment surroundings, LongSupplier nanoTime) {
    this.columns = surroundings.environment().getOrDefault("COLUMNS", "");
    this.nanoTime = nanoTime;
  }

  @Override
  public int getAsInt() {
    long now = nanoTime.getAsLong();
    if (width == 0 || now - asked >= ASK_NANOS) {
      width = columns.matches("[1-9]\\d{0,3}") ? Integer.parseInt(columns) : ofStty();
      asked = now;
    }
    return width;
  }

  private static int ofStty() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      try (var output = stty.getInputStream()) {
        return parsed(new String(output.readAllBytes(), StandardCharsets.US_ASCII));
      } finally {
        if (!stty.waitFor(1, TimeUnit.SECONDS)) {
          stty.destroy();
        }
      }
    } catch (IOException e) {
      return TerminalProgress.DEFAULT_WIDTH;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return TerminalProgress.DEFAULT_WIDTH;
    }
  }

  /** The columns in what {@code stty size} prints, rows and columns; 80 where it says 0. */
  static int parsed(String size) {
    Matcher matcher = SIZE.matcher(size);
    int found = matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    return found > 0 ? found : TerminalProgress.DEFAULT_WIDTH;
  }
}
