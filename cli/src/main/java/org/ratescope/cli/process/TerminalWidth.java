package org.ratescope.cli.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The columns of the terminal: the variable {@code COLUMNS} where it is set, else those of {@code
 * stty size}, read again after two seconds since people resize windows.
 */
final class TerminalWidth implements IntSupplier {
  private static final int DEFAULT = 80;
  private static final long VALID_NANOS = 2_000_000_000L;

  private final boolean terminal;
  private final String columns;
  private final LongSupplier nanoTime;
  private long read;
  private int width;

  TerminalWidth(Environment environment, LongSupplier nanoTime) {
    this.terminal = environment.terminal() || environment.output();
    this.columns = environment.environment().getOrDefault("COLUMNS", "");
    this.nanoTime = nanoTime;
  }

  @Override
  public int getAsInt() {
    long now = nanoTime.getAsLong();
    if (width == 0 || now - read >= VALID_NANOS) {
      width =
          columns.matches("[1-9]\\d{0,3}")
              ? Integer.parseInt(columns)
              : terminal ? ofStty() : DEFAULT;
      read = now;
    }
    return width;
  }

  private static int ofStty() {
    try {
      Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
      try (var output = stty.getInputStream()) {
        return parsed(new String(output.readAllBytes(), StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      return DEFAULT;
    }
  }

  /** The columns in the output of {@code stty size}, rows and columns; 80 where it says 0. */
  static int parsed(String size) {
    return size.matches("\\d+ [1-9]\\d{0,8}\\s*")
        ? Integer.parseInt(size.strip().split(" ", -1)[1])
        : DEFAULT;
  }
}
