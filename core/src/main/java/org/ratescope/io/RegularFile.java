package org.ratescope.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Checks a file that the user named before it is opened: opening a named pipe waits until somebody
 * writes to it, and a device may have no end.
 */
public final class RegularFile {
  private RegularFile() {}

  /**
   * Throws unless the path, with links resolved, is a regular file.
   *
   * @throws java.nio.file.NoSuchFileException if the path does not exist
   * @throws FileSystemException if it is a folder, a named pipe, a socket or a device; {@link
   *     FileSystemException#getReason} says which
   */
  public static void require(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new FileSystemException(file.toString(), null, expected(attributes));
    }
  }

  private static String expected(BasicFileAttributes attributes) {
    String found = attributes.isDirectory() ? "a folder" : "a pipe, socket or device";
    return found + "; expected a file";
  }
}
