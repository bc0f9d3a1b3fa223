package org.ratescope.cli.process;

import java.io.PrintWriter;

/**
 * Text for readers and logs, in which characters that could control a terminal or reorder a line
 * are printed as {@code \}{@code u001b}: control characters except line feed and tab, and marks of
 * writing direction. Names from files and servers pass through this writer. In JSON the escapes
 * mean the same characters.
 */
public final class EscapingWriter extends PrintWriter {
  private final PrintWriter below;

  public EscapingWriter(PrintWriter below) {
    super(below, true);
    this.below = below;
  }

  /** The writer for the program's own control characters: the underlying one, if there is one. */
  public static PrintWriter raw(PrintWriter writer) {
    return writer instanceof EscapingWriter escaping ? escaping.below : writer;
  }

  static String escape(String text) {
    if (text.chars().noneMatch(EscapingWriter::steers)) {
      return text;
    }
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      escaped.append(steers(c) ? "\\u%04x".formatted((int) c) : String.valueOf(c));
    }
    return escaped.toString();
  }

  private static boolean steers(int c) {
    return (Character.isISOControl(c) && c != '\n' && c != '\t')
        || c == 0x061C // Arabic letter mark
        || (c >= 0x200B && c <= 0x200F && c != 0x200C && c != 0x200D) // zero width, or direction
        || (c >= 0x2028 && c <= 0x202E) // separators, embeddings and overrides
        || (c >= 0x2060 && c <= 0x206F) // joiners, isolates
        || c == 0xFEFF;
  }

  @Override
  public void write(int c) {
    write(String.valueOf((char) c));
  }

  @Override
  public void write(char[] text, int offset, int length) {
    write(new String(text, offset, length));
  }

  @Override
  public void write(String text, int offset, int length) {
    String escaped = escape(text.substring(offset, offset + length));
    super.write(escaped, 0, escaped.length());
  }
}
