package org.ratescope.spec;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The identity of a run: the first 16 hexadecimal digits of the SHA-256 of its canonical text.
 * Editing a comment or adding a beta keeps the ids of all other runs.
 *
 * @param hex 16 lower-case hexadecimal digits
 */
public record RunId(String hex) implements Comparable<RunId> {
  private static final int DIGITS = 16;

  public RunId {
    if (!isId(hex)) {
      throw new IllegalArgumentException(
          "a run id is 16 lower-case hexadecimal digits, got '%s'".formatted(hex));
    }
  }

  /** By hand: records of thousands of runs each name dozens of them. */
  private static boolean isId(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return text.length() == DIGITS;
  }

  /** The id of a canonical text. */
  public static RunId of(String canonical) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
      return new RunId(HexFormat.of().formatHex(digest, 0, 8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  @Override
  public int compareTo(RunId other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
