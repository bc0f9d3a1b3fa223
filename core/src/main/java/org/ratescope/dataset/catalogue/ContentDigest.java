package org.ratescope.dataset.catalogue;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * What the digest of a file's content must be.
 *
 * @param algorithm which digest
 * @param hex its value in lower-case hexadecimal
 */
public record ContentDigest(Algorithm algorithm, String hex) {
  public ContentDigest {
    if (!hex.matches("[0-9a-f]{%s}".formatted(algorithm.digits))) {
      throw new IllegalArgumentException(
          "%s must be %s hexadecimal digits in lower case; got '%s'"
              .formatted(algorithm, algorithm.digits, hex));
    }
  }

  /**
   * Digests that catalogues give. MD5 finds damage, not malice; it is what is published for the
   * older sets.
   */
  public enum Algorithm {
    SHA256("SHA-256", 64),
    MD5("MD5", 32);

    private final String javaName;
    private final int digits;

    Algorithm(String javaName, int digits) {
      this.javaName = javaName;
      this.digits = digits;
    }

    /** Its key in a catalogue: {@code sha256}. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** A fresh digest. */
    public MessageDigest start() {
      try {
        return MessageDigest.getInstance(javaName);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has " + javaName, e);
      }
    }

    @Override
    public String toString() {
      return javaName;
    }
  }
}
