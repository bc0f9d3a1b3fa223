package org.ratescope.spec.text;

import java.util.regex.Pattern;

/**
 * A name or path inside a text form, bare or between double quotes. Between quotes a backslash
 * stands before a quote or a backslash, and {@code \\u} with four hexadecimal digits is a UTF-16
 * unit. What {@link #text} writes holds none of the characters that separate the parts of texts,
 * and may be pasted into a YAML file as it is.
 */
public final class Quoted {
  private static final String SPECIAL = "\\\",;:=#[]{}";
  private static final int MAX_LENGTH = 1024;

  private Quoted() {}

  /** The text form of a name: bare if it has that form, else quoted. */
  public static String text(String name, Pattern bare) {
    return bare.matcher(name).matches() && !begins(name) ? name : text(name);
  }

  /** A name between quotes. */
  public static String text(String name) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (SPECIAL.indexOf(c) >= 0 || Character.isISOControl(c) || separates(c)) {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }

  /** Line and paragraph separators, which YAML and terminals may take for ends of lines. */
  private static boolean separates(char c) {
    return c == '\u2028' || c == '\u2029';
  }

  /** Whether a text begins as a quoted name does. */
  public static boolean begins(String text) {
    return text.startsWith("\"");
  }

  /**
   * Reads a quoted name.
   *
   * @throws IllegalArgumentException if the text is not just one
   */
  public static String parse(String text) {
    if (!begins(text) || end(text, 0) != text.length()) {
      throw new IllegalArgumentException("the quotes of %s do not match".formatted(text));
    }
    StringBuilder name = new StringBuilder();
    for (int i = 1; i < text.length() - 1; i++) {
      if (text.charAt(i) != '\\') {
        name.append(text.charAt(i));
      } else if (text.charAt(++i) == 'u' && text.length() - 1 - i > 4) {
        name.append((char) Integer.parseUnsignedInt(text.substring(i + 1, i + 5), 16));
        i += 4;
      } else if (text.charAt(i) == '"' || text.charAt(i) == '\\') {
        name.append(text.charAt(i));
      } else {
        throw new IllegalArgumentException(
            "\\%s in %s; expected \\\", \\\\ or \\uXXXX".formatted(text.charAt(i), text));
      }
    }
    return checked(name.toString());
  }

  /** Where the quoted name ends that begins at {@code start}; past the text if it does not. */
  static int end(String text, int start) {
    for (int i = start + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == '"') {
        return i + 1;
      }
    }
    return text.length() + 1;
  }

  /** The name, if it is one that a text form can have. */
  public static String checked(String name) {
    if (name.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a name of %d characters; expected at most %d".formatted(name.length(), MAX_LENGTH));
    }
    return name;
  }
}
