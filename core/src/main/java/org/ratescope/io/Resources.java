package org.ratescope.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Resource files beside a class in the jar. */
public final class Resources {
  private Resources() {}

  /** The file of that name, relative to the package of the class; it must exist. */
  public static byte[] bytes(Class<?> neighbour, String name) {
    try (InputStream in = neighbour.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar does not contain its file " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same file, decoded as UTF-8. */
  public static String text(Class<?> neighbour, String name) {
    return new String(bytes(neighbour, name), StandardCharsets.UTF_8);
  }
}
