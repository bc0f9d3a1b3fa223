package org.ratescope.cli.process;

import static java.util.stream.Collectors.joining;

/** Text in lines of a terminal, which itself would break them inside words. */
final class Words {
  private Words() {}

  /**
   * The text with a line feed in place of each space at which a line becomes wider than {@code
   * width}. A longer word has a line of its own.
   */
  static String wrapped(String text, int width) {
    return text.lines().map(line -> line(line, width)).collect(joining("\n"));
  }

  private static String line(String line, int width) {
    StringBuilder lines = new StringBuilder();
    int used = 0;
    for (String word : line.split(" ", -1)) {
      int length = word.codePointCount(0, word.length());
      if (used > 0 && used + 1 + length > width) {
        lines.append('\n');
        used = 0;
      } else if (used > 0) {
        lines.append(' ');
        used++;
      }
      lines.append(word);
      used += length;
    }
    return lines.toString();
  }
}
