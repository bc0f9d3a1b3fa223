package org.ratescope.io;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Writes a file atomically: to a temporary file in the same folder, forced to disk, then renamed. A
 * reader sees the old or the new file, never a part. After a full disk or a kill the old file is
 * still there. Two processes may write the same file at the same time; two threads of one process
 * may not.
 */
public final class AtomicFile {
  /** Suffix of a file that is being written; a killed process leaves such files behind. */
  public static final String PART = ".part";

  /** The part of a renamed damaged file's name between its old name and a number. */
  public static final String DAMAGED = ".damaged-";

  private AtomicFile() {}

  /** Writes the content. */
  @FunctionalInterface
  public interface Body {
    /** Writes the whole content, from the start of the channel. */
    void write(FileChannel out) throws IOException;
  }

  /** Writes these bytes. */
  public static void write(Path file, byte[] bytes) throws IOException {
    write(file, out -> writeFully(out, ByteBuffer.wrap(bytes)));
  }

  /**
   * Writes the content, and creates missing folders. If the thread is interrupted, the write is
   * repeated, so that a process that is told to stop can still save its state; the thread stays
   * interrupted.
   */
  public static void write(Path file, Body body) throws IOException {
    write(file, body, true);
  }

  /**
   * Writes the same without forcing it to disk, which takes milliseconds. For files that nothing
   * relies on: after a power failure the file may be empty.
   */
  public static void writeUnforced(Path file, byte[] bytes) throws IOException {
    write(file, out -> writeFully(out, ByteBuffer.wrap(bytes)), false);
  }

  private static void write(Path file, Body body, boolean forced) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (!writeOnce(file, body, forced)) {
        interrupted = true;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns false if an interrupt stopped the write. */
  private static boolean writeOnce(Path file, Body body, boolean forced) throws IOException {
    try {
      writeBeside(file, body, forced);
      return true;
    } catch (ClosedByInterruptException e) {
      return !Thread.interrupted(); // clears the flag for the next attempt
    }
  }

  /** Reads a whole file. Works if the thread is interrupted, unlike other readers. */
  public static byte[] read(Path file) throws IOException {
    try (InputStream in = new FileInputStream(file.toFile())) {
      return in.readAllBytes();
    }
  }

  /** Replaces a small text file atomically, without forcing it to disk. */
  public static void replace(Path file, String text) throws IOException {
    Path part = part(file);
    try {
      Files.writeString(part, text);
      moveIntoPlace(part, file);
    } catch (IOException e) {
      throw named(file, e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void writeBeside(Path file, Body body, boolean forced) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    createFolders(folder);
    Path part = part(file);
    try {
      try (FileChannel out =
          FileChannel.open(
              part,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        body.write(out);
        if (forced) {
          out.force(true);
        }
      }
      moveIntoPlace(part, file);
      if (forced) {
        force(folder);
      }
    } catch (IOException e) {
      throw named(file, e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Creates a folder and its parents, and forces each to disk. */
  private static void createFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path above = folder.getParent();
    if (above != null) {
      createFolders(above);
    }
    Files.createDirectories(folder);
    if (above != null) {
      force(above);
    }
  }

  /**
   * Forces the entries of a folder to disk, so that a renamed file survives a power failure. On
   * Windows and some file systems this is impossible, and the method does nothing.
   */
  static void force(Path folder) throws ClosedByInterruptException {
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    } catch (ClosedByInterruptException e) {
      throw e; // repeated by the caller
    } catch (IOException e) {
      // the file itself is on disk; this file system cannot force its name
    }
  }

  /**
   * Adds the file's name to the error of a write: for a full disk Java gives no more than the
   * reason.
   */
  public static IOException named(Path file, IOException e) {
    boolean bare =
        e.getClass().equals(IOException.class)
            && !String.valueOf(e.getMessage()).contains(file.getFileName().toString());
    return bare ? new IOException("%s: %s".formatted(file, e.getMessage()), e) : e;
  }

  /** The path to which this process writes a file before it renames it. */
  public static Path part(Path file) {
    return file.resolveSibling(
        "%s.%s%s".formatted(file.getFileName(), ProcessIdentity.token(), PART));
  }

  /**
   * Renames a damaged file to {@code NAME.damaged-N} in the same folder, so that nothing is lost
   * and a new file can be written.
   *
   * @return the new path
   */
  public static Path setAside(Path file) throws IOException {
    for (int number = 1; ; number++) {
      Path aside = file.resolveSibling(file.getFileName() + DAMAGED + number);
      if (!Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
        return Files.move(file, aside);
      }
    }
  }

  /** Renames a finished temporary file, and replaces an older file. */
  public static void moveIntoPlace(Path part, Path file) throws IOException {
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Writes all of a buffer. */
  public static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
