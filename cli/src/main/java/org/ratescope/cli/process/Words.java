package org.ratescope.cli.process;

import static java.util.stream.Collectors.joining;

/** Text in lines of a terminal, which itself would break them inside words. */
final class Words {
  private Words() {}

  /**
   * The text with a line feed in place of each space at which a line becomes wider than {@code
   * width}, and the spaces before a line also before its rest. A longer word has a line of its own.
   */
  static String wrapped(String text, int width) {
    return text.lines().map(line -> line(line, width)).collect(joining("\n"));
  }

  private static String line(String line, int width) {
    String rest = line.stripLeading();
    String indent = line.substring(0, line.length() - rest.length());
    StringBuilder lines = new StringBuilder(indent);
    int used = 0;
    for (String word : rest.split(" ", -1)) {
      int length = word.codePointCount(0, word.length());
      if (used > 0 && indent.length() + used + 1 + length > width) {
        lines.append('\n').append(indent);
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
